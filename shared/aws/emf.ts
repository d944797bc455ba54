import { METRICS, METRICS_NAMESPACE, type MetricName } from '../names.ts';

/** Emits the values of several metrics at once, as one line of log. */
export type EmitMetrics = (values: Partial<Record<MetricName, number>>) => void;

/** Creates metrics in CloudWatch's embedded metric format: log lines that CloudWatch reads as metrics, without a request. */
export function createEmfMetrics(stage: string, write: (line: string) => void, nowMs: () => number): EmitMetrics {
  return (values) => {
    const Metrics = Object.keys(values).map((Name) => ({
      Name,
      Unit: Name === METRICS.captureAge ? 'None' : 'Count',
    }));
    const directive = { Namespace: METRICS_NAMESPACE, Dimensions: [['Stage']], Metrics };
    write(
      `${JSON.stringify({ _aws: { Timestamp: nowMs(), CloudWatchMetrics: [directive] }, Stage: stage, ...values })}\n`,
    );
  };
}
