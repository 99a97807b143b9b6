package dev.caravan.log;

import dev.caravan.log.figures.DeadLetteredCount;
import dev.caravan.log.figures.Distribution;
import dev.caravan.log.figures.GivenUp;
import dev.caravan.log.figures.SubscriptionFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a log; counts begin when it is opened. Safe for use by many threads. */
public interface LogFigures {
  /** The answer when the value is unknown. */
  long UNKNOWN = -1;

  /** How long appends took, until they were on disk, in seconds. */
  Distribution appendTime();

  /** How many deliveries were flushed together; flushes of other things are not counted. */
  Distribution flushed();

  /** How many deliveries arrived with a known GUID and the same payload. */
  long repeats();

  /** How many deliveries arrived with a known GUID and another payload. */
  long differing();

  /** How many deliveries had a payload known under another GUID, with {@link Dedupe#CONTENT}. */
  long copies();

  /** How many flushes failed. */
  long failedFlushes();

  /** How often a write has taken so long that deliveries were turned away meanwhile. */
  long slowWrites();

  /** How many processes use the log together. */
  default int nodes() {
    return 1;
  }

  /** How many of them have had other routes, secrets or settings than this one for minutes. */
  default int differingNodes() {
    return 0;
  }

  /** Whether the log was found to be damaged, so that nothing is written to it any more. */
  boolean isDamaged();

  /** Whether deliveries can be written at this moment. */
  boolean isWritable();

  /** Bytes of all files of the log. Asks the file system, as {@link #bytesFree} does. */
  long bytesOnDisk();

  /** Free bytes on the disk of those files, or {@link #UNKNOWN}. */
  long bytesFree();

  /** Bytes the log may grow to before payloads are deleted early. */
  long bytesKept();

  /**
   * The age of the newest state that was shipped elsewhere: what a lost disk would cost at this
   * moment. Null when nothing is shipped.
   */
  default @Nullable Duration shippedAge() {
    return null;
  }

  /**
   * The deliveries that wait on this machine's disk for a log that is elsewhere; null without a
   * spool.
   */
  default Spool.@Nullable Waiting spool() {
    return null;
  }

  /** Whether new deliveries go to the spool at this moment. Reads no files. */
  default boolean isSpooling() {
    return false;
  }

  /** How many are left there that the log has refused for good. Reads no files. */
  default long spoolRefused() {
    return 0;
  }

  /**
   * How many deliveries became dead letters since the log was opened, by subscription and kind of
   * error. Reads no files.
   */
  List<DeadLetteredCount> deadLettered();

  /**
   * The newest deliveries that became dead letters since the log was opened, by subscription; a few
   * of each, oldest first. Reads no files.
   */
  Map<String, List<GivenUp>> newestGivenUp();

  /**
   * Every subscription, running or idle. Reads files, but for each no more than {@link
   * SubscriptionFigures} says, however large the log is.
   *
   * @throws LogUnavailableException when they cannot be read
   */
  List<SubscriptionFigures> subscriptions();
}
