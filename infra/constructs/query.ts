import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type CfnStage, DomainName, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CATCH_ALL_ROUTE } from '../../shared/names.ts';
import { routes } from '../../shared/web/routes.ts';
import { configuredUrl, RESERVED_CONCURRENCY } from '../config.ts';
import type { DerivedDataBucket } from './derived-data-bucket.ts';
import { allow, PaperkeepFunction, type StageProps } from './function.ts';

/** Requests per second and burst of the whole API, which bound the bill that strangers can cause. */
const THROTTLE = { rateLimit: 5, burstLimit: 20 };
/** Requests per second of all slow routes together; an HTTP API has no limit for several routes, so each gets its part. */
const SLOW_RATE = 2;
/** One page asks for at most ten slow addresses at once. */
const SLOW_BURST = 10;
/**
 * The burst of each slow route: addresses whose answers read more as the archive grows, and cost some hundred times as much as others after
 * years. Their limit keeps the cost of a stranger's worst day low (docs/aws/cost.md). A route that ends with a parameter covers all its
 * formats, and has the burst of other pages, since a reader opens all authors of a paper at once.
 */
const SLOW_ROUTES = new Map(
  routes.flatMap(({ question: { path }, formats, isSlow }): [string, number][] => {
    const slow = formats.filter(isSlow);
    if (path.includes(':') && slow.length > 0) return [[path.replace(/:(\w+)$/, '{$1+}'), THROTTLE.burstLimit]];
    return slow.map((format) => [format === 'html' ? path : `${path}.${format}`, SLOW_BURST]);
  }),
);
/** The fields of the access log. No address of a person and no query string, which may hold a key. */
const ACCESS_LOG = JSON.stringify({
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
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
      // Lambda gives processor in proportion to memory, and the first search in a container has to unpack the catalog
      memoryMiB: 1024,
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
      ],
      secretParameter: accessParameter,
    });
    this.api = new HttpApi(this, 'Http', { description: `paperkeep ${config.stage}`, createDefaultStage: false });
    const integration = new HttpLambdaIntegration('Site', this.function.lambda);
    const routes = ['/', CATCH_ALL_ROUTE, ...SLOW_ROUTES.keys()].flatMap((path) =>
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
    stage.node.addDependency(...routes);
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
