import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CATALOG_KEY } from '../shared/catalog/tables.ts';

/** A bucket for what is made from the archive (catalog, exports): not versioned, and gone with the stack, since it can be made again. */
export class Derived extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct) {
    super(scope, 'Derived');
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Holds only copies of what the archive says.',
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

  /** Without it S3 answers for an object that is not there as if it were forbidden: the catalog before its first night. */
  get mayFindNothing(): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}
