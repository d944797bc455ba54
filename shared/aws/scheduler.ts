import {
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';

/** Enables or disables a schedule of EventBridge Scheduler and leaves its other properties unchanged. */
export async function setScheduleEnabled(
  name: string,
  enabled: boolean,
  client = new SchedulerClient(),
): Promise<void> {
  // UpdateSchedule replaces the whole schedule, so every property is sent again
  const current = (await client.send(new GetScheduleCommand({ Name: name }))) as UpdateScheduleCommandInput;
  const State = enabled ? 'ENABLED' : 'DISABLED';
  await client.send(new UpdateScheduleCommand({ ...current, Name: name, State }));
}
