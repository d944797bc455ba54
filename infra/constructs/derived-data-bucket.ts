import { type CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CATALOG_KEY, RECENT_KEY } from '../../shared/catalog/schema.ts';
import type { Config } from '../config.ts';

/** The prefix of the files of the nightly export. */
const EXPORTS = 'exports';
/** The prefix of Athena's query results. */
const QUERY_RESULTS = 'athena/';
const QUERY_RESULTS_KEPT = Duration.days(7);

/** The bucket of what is derived from the archive: catalog and exports. It is not versioned and is deleted with the stack. */
export class DerivedDataBucket extends Construct {
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { analytics, exports }: Pick<Config, 'analytics' | 'exports'>) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...(analytics ? [{ prefix: QUERY_RESULTS, expiration: QUERY_RESULTS_KEPT }] : []),
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds only what can be derived again from the archive, so access logs are not worth their cost.',
    });
    if (!exports) return;
    const logicalId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnElement);
    Validations.of(Stack.of(this)).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${EXPORTS}/*]`,
      reason: 'An export is many files. The wildcard covers those and nothing else, and no action has a wildcard.',
    });
  }

  /** `s3://<bucket>`, for PAPERKEEP_DERIVED. */
  get url(): string {
    return `s3://${this.bucket.bucketName}`;
  }

  /** The ARNs of the catalog and of the small part of it. */
  get catalogArns(): string[] {
    return [CATALOG_KEY, RECENT_KEY].map((key) => this.bucket.arnForObjects(key));
  }

  /** `s3://<bucket>/<prefix>` of the exports, for PAPERKEEP_EXPORTS. */
  get exportsUrl(): string {
    return `${this.url}/${EXPORTS}`;
  }

  /** The ARN of all files of the export, or of the one that lists them. */
  exportsArn(file: '*' | 'manifest.json'): string {
    return this.bucket.arnForObjects(`${EXPORTS}/${file}`);
  }

  /** `s3://<bucket>/<prefix>` of Athena's query results. */
  get queryResultsUrl(): string {
    return `${this.url}/${QUERY_RESULTS}`;
  }

  /** Allows listing the bucket. Without it S3 answers for an absent object, such as the catalog before the first night, as if it were forbidden. */
  get listPolicy(): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}
