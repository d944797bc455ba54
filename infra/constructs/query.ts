import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type CfnStage, DomainName, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SITE_MEMORY_MIB } from '../../shared/names.ts';
import { SPENDING_KEY } from '../../shared/table/keys.ts';
import { routes } from '../../shared/web/routes.ts';
import { configuredUrl, RESERVED_CONCURRENCY } from '../config.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';

/**
 * Requests per second and burst of a route. What requests cost themselves is limited by it, what their responses cost by the allowance in
 * shared/web/allowance.ts; docs/aws/cost.md adds up both.
 */
export const THROTTLE = { rateLimit: 5, burstLimit: 20 };
/** The routes that the throttle applies to, perhaps to each by itself. */
export const ROUTES = ['/', '/{path+}'] as const;
/** Requests per second of all slow routes together; an HTTP API has no limit for several routes, so each gets its part. */
export const SLOW_RATE = 2;
/** One page asks for at most ten slow addresses at once. */
const SLOW_BURST = 10;
/**
 * The burst of each slow route, whose rate leaves executions of the function to pages. A route that ends with a parameter covers all its
 * formats, and has the burst of other pages, since a reader opens all authors of a paper at once. Feeds of lists, which many may poll, are
 * limited by the allowance alone, as is any other spelling of a path.
 */
export const SLOW_ROUTES: ReadonlyMap<string, number> = new Map(
  routes.flatMap(({ question: { path, costClass = 'fast' }, formats, isSlow }): [string, number][] => {
    if (costClass === 'fast') return [];
    if (path.includes(':')) return [[path.replace(/:(\w+)$/, '{$1+}'), THROTTLE.burstLimit]];
    return formats.filter(isSlow).map((format) => [format === 'html' ? path : `${path}.${format}`, SLOW_BURST]);
  }),
);
/** The fields of the access log. No address of a person, no query string, which may hold a key, and no path, which may have 10 kB. */
const ACCESS_LOG = JSON.stringify({
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
});

/** The site: an HTTP API with a throttle and an access log, and the function behind it. */
export class QueryStage extends Construct {
  readonly function: PaperkeepFunction;
  readonly api: HttpApi;
  /** The owner's domain; null without one. */
  readonly domain: DomainName | null;

  constructor(
    scope: Construct,
    id: string,
    {
      config,
      dataStack,
      derived,
      subscriptions,
    }: Omit<StageProps, 'failedInvocations'> & {
      readonly derived: DerivedDataBucket;
      /** The table of subscriptions; absent while mail is off. */
      readonly subscriptions: { readonly url: string; readonly arn: string } | null;
    },
  ) {
    super(scope, id);
    const publicUrl = configuredUrl(config);
    const accessParameter = config.access === 'token' ? config.accessParameter : undefined;
    this.function = new PaperkeepFunction(this, 'Function', {
      name: 'query',
      memoryMiB: SITE_MEMORY_MIB,
      // two catalogs of ten years, 270 MB each: the current one, and the one that replaces it
      tmpMiB: 1024,
      timeout: Duration.seconds(20),
      reservedConcurrency: config.reserveConcurrency ? RESERVED_CONCURRENCY.query : undefined,
      logDays: config.logDays,
      environment: {
        ...dataStack.environment,
        PAPERKEEP_DERIVED: derived.url,
        ...(config.since && { PAPERKEEP_SINCE: config.since }),
        ...(publicUrl && { PAPERKEEP_PUBLIC_URL: publicUrl }),
        ...(config.exports && { PAPERKEEP_EXPORTS: derived.exportsUrl }),
        ...(config.downloads && { PAPERKEEP_DOWNLOADS: 'true' }),
        ...(subscriptions && { PAPERKEEP_SUBSCRIPTIONS: subscriptions.url }),
        ...(config.indexing && { PAPERKEEP_INDEXING: 'on' }),
        ...(accessParameter && { PAPERKEEP_ACCESS_PARAMETER: accessParameter }),
      },
      policy: [
        allow('s3:GetObject', `${dataStack.bucketArn}/raw/*`),
        allow('s3:GetObject', ...derived.catalogArns),
        // what a subscriber changes or ends by the link in a message
        ...(subscriptions
          ? [
              allow(
                ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
                subscriptions.arn,
              ),
            ]
          : []),
        ...(config.exports
          ? [
              allow(
                's3:GetObject',
                // download URLs are signed with this permission; without downloads the site reads only the list of files
                derived.exportsArn(config.downloads ? '*' : 'manifest.json'),
              ),
            ]
          : []),
        derived.listPolicy,
        allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], dataStack.tableArn),
        // the one item that the site writes: what it spent
        new PolicyStatement({
          actions: ['dynamodb:PutItem'],
          resources: [dataStack.tableArn],
          conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [SPENDING_KEY.pk] } },
        }),
      ],
      secretParameter: accessParameter,
    });
    this.api = new HttpApi(this, 'Http', { description: `paperkeep ${config.stage}`, createDefaultStage: false });
    const integration = new HttpLambdaIntegration('Site', this.function.lambda);
    const added = [...ROUTES, ...SLOW_ROUTES.keys()].flatMap((path) =>
      this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }),
    );
    this.domain =
      config.domain === undefined || config.certificateArn === undefined
        ? null
        : new DomainName(this, 'Domain', {
            domainName: config.domain,
            certificate: Certificate.fromCertificateArn(this, 'Certificate', config.certificateArn),
          });
    const stage = this.api.addStage('Stage', {
      autoDeploy: true,
      throttle: THROTTLE,
      ...(this.domain && { domainMapping: { domainName: this.domain } }),
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // outside of /aws/vendedlogs/ each log group adds to a resource policy of the account, whose length is limited
      logGroupName: `/aws/vendedlogs/paperkeep-${config.stage}-api`,
      retention: config.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.accessLogSettings = { destinationArn: accessLog.logGroupArn, format: ACCESS_LOG };
    cfnStage.routeSettings = Object.fromEntries(
      [...SLOW_ROUTES].map(([path, burst]) => [
        `ANY ${path}`,
        { ThrottlingRateLimit: SLOW_RATE / SLOW_ROUTES.size, ThrottlingBurstLimit: burst },
      ]),
    );
    // the settings of a stage refer to routes by name, which must exist before it
    stage.node.addDependency(...added);
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The lists are public and read-only. With access: token the function itself checks the token.',
    });
  }

  /** The address of the site. */
  get url(): string {
    if (this.domain) return `https://${this.domain.name}`;
    return `https://${this.api.apiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
  }
}
