import type { Fault } from '../fault.ts';
import { awsVpcLattice } from './aws-vpc-lattice.ts';
import { kgatewayGuide } from './kgateway-guide.ts';

/** No mistake, but another product's documented behaviour; the profile of the same name says where the spec differs. */
export type Dialect = Pick<Fault, 'name' | 'hooks'>;

/** Only to prove the profiles of suites/profiles. */
export const dialects: readonly Dialect[] = [
  { name: 'kgateway-guide', hooks: kgatewayGuide },
  { name: 'aws-vpc-lattice', hooks: awsVpcLattice },
];
