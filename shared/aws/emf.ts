/** The names of all metrics, once: what is emitted, alarmed on and drawn. Ten custom metrics are free. */
export const METRICS = {
  /** Visits of one run, and those that brought no usable list. */
  visits: 'Visits',
  failedVisits: 'FailedVisits',
  /** Minutes since the last usable capture of the moving list that was captured longest ago, at the end of a run. */
  captureAge: 'CaptureAgeMinutes',
  /** Visits whose list could not be read as it should (another shape, many rejected entries), and a weekday that shrank. */
  drift: 'Drift',
  /** Snapshots recorded, and snapshots that could not be. */
  recorded: 'Recorded',
  unrecordable: 'Unrecordable',
} as const;

/** A metric's name. */
export type MetricName = (typeof METRICS)[keyof typeof METRICS];
/** Emits values of metrics at once; one call, one line of log. */
export type EmitMetrics = (values: Partial<Record<MetricName, number>>) => void;

/** Where all metrics stand; alarms and dashboard look there. */
export const METRICS_NAMESPACE = 'paperkeep';

/** Metrics in CloudWatch's embedded format: a line of log that CloudWatch reads as metrics, without a request. */
export function createEmfMetrics(stage: string, write: (line: string) => void, nowMs: () => number): EmitMetrics {
  return (values) => {
    const names = Object.keys(values);
    const metrics = names.map((Name) => ({ Name, Unit: Name === METRICS.captureAge ? 'None' : 'Count' }));
    const directive = { Namespace: METRICS_NAMESPACE, Dimensions: [['Stage']], Metrics: metrics };
    write(
      `${JSON.stringify({ _aws: { Timestamp: nowMs(), CloudWatchMetrics: [directive] }, Stage: stage, ...values })}\n`,
    );
  };
}
