/** What one try of a probe gave. */
export interface ProbeAnswer {
  ok: boolean;
  /** For the Unhealthy event. */
  message: string;
}
