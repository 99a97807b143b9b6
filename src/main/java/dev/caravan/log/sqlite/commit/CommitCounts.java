package dev.caravan.log.sqlite.commit;

import dev.caravan.log.state.LogCounters;
import java.util.List;

/** Counts what each commit has brought to disk. */
public record CommitCounts(LogCounters counters) implements AfterCommit {
  @Override
  public void committed(List<TransactionPart> parts, CommittedBatch batch) {
    long now = System.nanoTime();
    int appends = 0;
    for (TransactionPart part : parts) {
      if (part instanceof Append append) {
        counters.appendTime.record(now - append.since());
        appends++;
      }
    }
    if (appends > 0) {
      counters.flushed.record(appends);
      counters.repeats.add(batch.repeated().same);
      counters.differing.add(batch.repeated().different);
      counters.copies.add(batch.repeated().copies);
    }
  }
}
