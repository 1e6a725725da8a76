/** The part of jstat that is used; it brings no types. */
declare module 'jstat' {
  const jstat: {
    jStat: {
      /** @returns the quantile of Student's t below which that share of the distribution lies */
      studentt: { inv: (share: number, degrees: number) => number };
    };
  };
  export default jstat;
}
