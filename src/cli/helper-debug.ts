/** The thread that makes debugging information for `tuza tool link`. */
import { nodeBeside } from '#host/node-beside.ts';
import { serveHelper } from '#host/node-helper.ts';
import { type DebugJob, doDebugJob } from '#link/debug-job.ts';

serveHelper(async (job) => {
  // The other side of this is DebugHelper.post.
  const answer = await doDebugJob(job as DebugJob, nodeBeside.deflate);
  const moved = new Set<ArrayBuffer>();
  for (const { content } of answer.sections) if (content.buffer instanceof ArrayBuffer) moved.add(content.buffer);
  return { answer, moved: [...moved] };
});
