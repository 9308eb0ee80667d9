import { SeverityNumber, type AnyValueMap, type Logger } from '@opentelemetry/api-logs';

const severities: Readonly<Record<number, [SeverityNumber, string]>> = {
  20: [SeverityNumber.DEBUG, 'DEBUG'],
  30: [SeverityNumber.INFO, 'INFO'],
  40: [SeverityNumber.WARN, 'WARN'],
  50: [SeverityNumber.ERROR, 'ERROR'],
};

/** Makes records of the log's JSON lines; the trace that is under way is taken from the context. */
export function logRecords(logger: Logger): { write(line: string): void } {
  return {
    write(line) {
      const { level, time, msg, pid: _pid, hostname: _hostname, ...fields } = JSON.parse(line) as AnyValueMap;
      const [severityNumber, severityText] = severities[Number(level)] ??
        severities[30] ?? [SeverityNumber.INFO, 'INFO'];
      logger.emit({
        timestamp: Number(time),
        severityNumber,
        severityText,
        ...(msg !== undefined && { body: msg }),
        attributes: fields,
      });
    },
  };
}
