/** What the figures of docs/aws/cost.md and docs/aws/scale.md assume, since it cannot be counted here. None of it was measured in AWS. */
export const ASSUMED = {
  /** Requests of readers in a month: a hundred pages a day. Each takes 0.3 s. */
  requests: 3000,
  requestSeconds: 0.3,
  /** Seconds of a visit to the feed. */
  visitSeconds: 3,
  /** The mean size of a snapshot in kB. The sample's trending page is a sixth of the real one, which packs to 250 kB. */
  snapshotKb: 100,
  /** Seconds of a collecting run besides 3 s a visit, of recording a snapshot, and of a nightly run. */
  collectSeconds: 3,
  recordSeconds: 1.5,
  nightSeconds: 60,
  /** Memory in GB of collect and record, and of query and export. */
  memoryGb: 0.5,
  largeMemoryGb: 1,
  /** Lambda polls a queue with five pollers that wait 20 s each, also when the queue is empty. */
  pollsADay: (5 * 86_400) / 20,
  /** Bytes that Lambda and the HTTP API log for an invocation. */
  logBytesARun: 1150,
  /** Bytes of the longest line that the site logs for a request. */
  siteLogBytes: 350,
  /** The catalog after ten years, packed, in GB. */
  catalogGb: 0.07,
  /** Bytes of a refusal with its headers, and the seconds that the function takes for it. */
  refusalBytes: 1_000,
  refusalSeconds: 0.005,
  /** The seconds after which the function is ended. */
  timeoutSeconds: 20,
  /** Lambda ends an idle execution environment after some minutes; each loses what it has not recorded. */
  endsAnHour: 12,
} as const;
