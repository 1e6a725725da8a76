import { healthyPipeline } from './pipeline.ts';
import { startController } from './start.ts';

startController(healthyPipeline);
