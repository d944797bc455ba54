import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { HouseFunction } from './function.ts';
import type { Taken } from './service.ts';

/** Requests a second that are let through, and how many at once: what bounds the bill that a stranger can cause. */
const THROTTLE = { rateLimit: 5, burstLimit: 20 };
/** What the access log says of a request; no address of a person, no query (it may hold a key). */
const ACCESS_LOG = JSON.stringify({
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
});

/** Answering: an HTTP API with a throttle and an access log, and the function behind it. */
export class Query extends Construct {
  readonly fn: HouseFunction;
  readonly api: HttpApi;

  constructor(scope: Construct, config: Config, taken: Taken) {
    super(scope, 'Query');
    this.fn = new HouseFunction(this, {
      name: 'query',
      memoryMiB: 512,
      timeout: Duration.seconds(20),
      logDays: config.logDays,
      environment: {
        ...taken.environment,
        ...(config.accessParameter &&
          config.access === 'token' && { PAPERKEEP_ACCESS_PARAMETER: config.accessParameter }),
      },
      may: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${taken.bucketArn}/raw/*`] }),
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
          resources: [taken.tableArn],
        }),
        ...taken.maySecret(config.access === 'token' ? config.accessParameter : undefined),
      ],
    });
    this.api = new HttpApi(this, 'Http', { description: `paperkeep ${config.stage}`, createDefaultStage: false });
    this.api.addRoutes({
      path: '/{path+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Site', this.fn.fn),
    });
    this.api.addRoutes({
      path: '/',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Front', this.fn.fn),
    });
    const stage = this.api.addStage('Stage', { autoDeploy: true, throttle: THROTTLE });
    const log = new LogGroup(this, 'AccessLog', {
      retention: config.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    (stage.node.defaultChild as CfnStage).accessLogSettings = { destinationArn: log.logGroupArn, format: ACCESS_LOG };
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The lists are public and read-only; who wants them private sets access: token, which the function itself checks.',
    });
  }

  /** Where the site is. */
  get url(): string {
    return `https://${this.api.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
  }
}
