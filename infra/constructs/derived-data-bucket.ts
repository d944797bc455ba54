import { type CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CATALOG_KEY } from '../../shared/catalog/schema.ts';
import type { Config } from '../config.ts';

/** Where in it the files of the nightly export are, and the answers of Athena, which are let go after a week. */
const EXPORTS = 'exports';
const ANSWERS = 'athena/';
const ANSWERS_KEPT = Duration.days(7);

/** A bucket for what is made from the archive (catalog, exports): not versioned, and gone with the stack, since it can be made again. */
export class DerivedDataBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, { analytics, exports }: Config) {
    super(scope, 'Derived');
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...(analytics ? [{ prefix: ANSWERS, expiration: ANSWERS_KEPT }] : []),
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Holds only copies of what the archive says.',
    });
    if (!exports) return;
    const id = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnElement);
    Validations.of(Stack.of(this)).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/${EXPORTS}/*]`,
      reason: 'An export is many files; the wildcard is all of those and nothing else, and no action has one.',
    });
  }

  /** What a function is told of it. */
  get environment(): { readonly PAPERKEEP_DERIVED: string } {
    return { PAPERKEEP_DERIVED: `s3://${this.bucket.bucketName}` };
  }

  /** The one object that is the catalog. */
  get catalogArn(): string {
    return this.bucket.arnForObjects(CATALOG_KEY);
  }

  /** Where the files of the nightly export are. */
  get exportsUrl(): string {
    return `s3://${this.bucket.bucketName}/${EXPORTS}`;
  }

  /** Files of the export: all of them, or the one that lists them. */
  exportsArn(which: '*' | 'manifest.json'): string {
    return this.bucket.arnForObjects(`${EXPORTS}/${which}`);
  }

  /** Where Athena puts its answers. */
  get answersUrl(): string {
    return `s3://${this.bucket.bucketName}/${ANSWERS}`;
  }

  /** Without it S3 answers for an object that is not there as if it were forbidden: the catalog before its first night. */
  get mayFindNothing(): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}
