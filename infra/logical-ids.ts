import { type CfnElement, Stack } from 'aws-cdk-lib';

/**
 * The logical ids of resources whose constructs have another path than when they were first deployed, by their path today.
 * CloudFormation replaces a resource whose logical id changes, and with it its logs, its messages or its address.
 */
const DEPLOYED: Readonly<Record<string, string>> = {
  'ArchiveBucketParameter/Resource': 'SaysarchivebucketC9C638A1',
  'QueueArnParameter/Resource': 'Saysqueuearn6F5296EF',
  'QueueUrlParameter/Resource': 'SaysqueueurlF3F17DEA',
  'DeadLettersArnParameter/Resource': 'Saysdeadlettersarn0AAF882F',
  'TableNameParameter/Resource': 'Saystablename3C43C55B',
  'FailedInvocations/Resource': 'LostDF84CB6B',
  'FailedInvocations/Policy/Resource': 'LostPolicy8331FDC8',
  'Collect/Function/Logs/Resource': 'CollectFunctioncollectLogs8C58CDC1',
  'Collect/Function/Role/Resource': 'CollectFunctioncollectRoleF0281141',
  'Collect/Function/Role/DefaultPolicy/Resource': 'CollectFunctioncollectRoleDefaultPolicy20C4A59C',
  'Collect/Function/Code/Resource': 'CollectFunctioncollectCodeACE838DA',
  'Record/Function/Logs/Resource': 'RecordFunctionrecordLogsFAF26C89',
  'Record/Function/Role/Resource': 'RecordFunctionrecordRole40612F91',
  'Record/Function/Role/DefaultPolicy/Resource': 'RecordFunctionrecordRoleDefaultPolicy4E2DFBDB',
  'Record/Function/Code/Resource': 'RecordFunctionrecordCodeD92F86A0',
  'Export/Function/Logs/Resource': 'ExportFunctionexportLogs028B6F0A',
  'Export/Function/Role/Resource': 'ExportFunctionexportRoleBAFA1855',
  'Export/Function/Role/DefaultPolicy/Resource': 'ExportFunctionexportRoleDefaultPolicy77AE9A84',
  'Export/Function/Code/Resource': 'ExportFunctionexportCode984B83A1',
  'Query/Function/Logs/Resource': 'QueryFunctionqueryLogs14894CAD',
  'Query/Function/Role/Resource': 'QueryFunctionqueryRole86896E7D',
  'Query/Function/Role/DefaultPolicy/Resource': 'QueryFunctionqueryRoleDefaultPolicy522E7748',
  'Query/Function/Code/Resource': 'QueryFunctionqueryCodeB0985483',
  'Analytics/papers': 'AnalyticsTablepapers5F634D9F',
  'Analytics/paper_authors': 'AnalyticsTablepaperauthorsB584C3F0',
  'Analytics/paper_keywords': 'AnalyticsTablepaperkeywords92B69C1D',
  'Analytics/appearances': 'AnalyticsTableappearancesF4B24C0D',
  'Analytics/observations': 'AnalyticsTableobservationsDED920F6',
  'Analytics/listings': 'AnalyticsTablelistings615513A1',
  'Analytics/coverage': 'AnalyticsTablecoverageEDB2C8DA',
  'Analytics/votes_at_age': 'AnalyticsTablevotesatage044951B9',
  'Analytics/TopOfMonth': 'AnalyticsTopofamonthFA923B8E',
  'Analytics/KeywordShare': 'AnalyticsShareofakeywordpermonthB26F27E2',
  'Analytics/VotesAtDayAndWeek': 'AnalyticsVotesafteradayandafteraweek780BC2AD',
};

/** A stack whose resources keep the logical ids that they were first deployed with. */
export class StableStack extends Stack {
  protected override allocateLogicalId(element: CfnElement): string {
    const path = element.node.path.slice(this.node.path.length + 1);
    return DEPLOYED[path] ?? super.allocateLogicalId(element);
  }
}
