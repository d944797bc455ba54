import type { SQSEvent } from 'aws-lambda';

/** What S3 sends to the queue when an object was put; keys come form-encoded, as S3 writes them. */
export const objectCreated = (...encodedKeys: string[]): string =>
  JSON.stringify({
    Records: encodedKeys.map((key) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-central-1',
      eventTime: '2025-01-08T06:15:01.234Z',
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'AWS:AROAEXAMPLE:paperkeep-main-app-Collect' },
      requestParameters: { sourceIPAddress: '192.0.2.10' },
      responseElements: { 'x-amz-request-id': 'EXAMPLE123456789', 'x-amz-id-2': 'EXAMPLE123/abcdefghijklmno' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'd2f6a0b8-0000-4000-8000-000000000000',
        bucket: { name: 'the-archive', ownerIdentity: { principalId: 'EXAMPLE' }, arn: 'arn:aws:s3:::the-archive' },
        object: {
          key,
          size: 3684,
          eTag: 'd41d8cd98f00b204e9800998ecf8427e',
          versionId: 'EXAMPLE',
          sequencer: '0055AED6',
        },
      },
    })),
  });

/** What S3 sends once, when the notification of a bucket is set up. */
export const TEST_EVENT = JSON.stringify({
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2025-01-08T06:00:00.000Z',
  Bucket: 'the-archive',
  RequestId: 'EXAMPLE123456789',
  HostId: 'EXAMPLE123/abcdefghijklmno',
});

/** What SQS hands to a function: messages `1`, `2`, … with these bodies. */
export const queueEvent = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, at) => ({
    messageId: String(at + 1),
    receiptHandle: 'AQEBexample',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1736316901234',
      SenderId: 'AROAEXAMPLE:S3-PROD-END',
      ApproximateFirstReceiveTimestamp: '1736316901240',
    },
    messageAttributes: {},
    md5OfBody: '7b270e59b47ff90a553787216d55d91d',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:111111111111:the-queue',
    awsRegion: 'eu-central-1',
  })),
});

/** What the HTTP API hands to a function for a GET. */
export const httpRequest = (rawPath: string, rawQueryString = '', headers: Record<string, string> = {}) => ({
  version: '2.0',
  routeKey: 'ANY /{path+}',
  rawPath,
  rawQueryString,
  headers: { host: 'abc123.execute-api.eu-central-1.amazonaws.com', accept: '*/*', ...headers },
  requestContext: {
    accountId: '111111111111',
    apiId: 'abc123',
    domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
    domainPrefix: 'abc123',
    http: { method: 'GET', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.20', userAgent: 'a browser' },
    requestId: 'EXAMPLE=',
    routeKey: 'ANY /{path+}',
    stage: '$default',
    time: '08/Jan/2025:06:20:00 +0000',
    timeEpoch: 1736317200000,
  },
  isBase64Encoded: false,
});
