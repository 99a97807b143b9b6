package dev.caravan.log.sqlite;

import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.reading.DictionaryTraining;
import dev.caravan.log.reading.RecentDeliveries;
import dev.caravan.log.sqlite.commit.BatchWriter;
import dev.caravan.log.sqlite.commit.CommitCounts;
import dev.caravan.log.sqlite.commit.Committer;
import dev.caravan.log.sqlite.commit.DiskWatch;
import dev.caravan.log.sqlite.commit.FileHealth;
import dev.caravan.log.sqlite.commit.Head;
import dev.caravan.log.sqlite.commit.Reopening;
import dev.caravan.log.sqlite.commit.Transaction;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.file.Checkpointer;
import dev.caravan.log.sqlite.file.Damage;
import dev.caravan.log.sqlite.file.Database;
import dev.caravan.log.sqlite.file.HeldFile;
import dev.caravan.log.sqlite.file.Inspection;
import dev.caravan.log.sqlite.file.LeftFrames;
import dev.caravan.log.sqlite.file.LogReaders;
import dev.caravan.log.sqlite.file.MissingLog;
import dev.caravan.log.sqlite.file.OpenFiles;
import dev.caravan.log.sqlite.file.PacedCopy;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.tables.EventTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log's file while it is open: who writes it, who reads it, and whether it is healthy. Puts
 * these parts together, starts and stops them.
 */
final class OpenLogFile {
  private final Database database;
  private final LogReaders readers;
  private final LogReaders lookupReaders;
  private final Checkpointer checkpointer;
  private final HeldFile heldFile;
  private final PacedCopy copy;
  private final FileHealth health;
  private final RecentDeliveries recent = new RecentDeliveries();
  private final Head head;
  private final Committer committer;
  private final DiskWatch watch;
  private final DictionaryTraining training;
  private final @Nullable Instant newestReceivedAt;

  private OpenLogFile(
      DataDirectory directory,
      EventTypes kinds,
      Dictionaries dictionaries,
      RunningSubscriptions running,
      LogCounters counters,
      Checkpointer.Limits limits)
      throws SQLException {
    this.database = new Database(directory.logFile());
    new MissingLog(database).make();
    if (Inspection.of(database)) {
      new LeftFrames(database).makeSafe();
    }
    Transaction writer = new Transaction(database, kinds, running);
    writer.load(dictionaries);
    this.head = new Head(writer.next());
    this.newestReceivedAt = writer.newestReceivedAt();
    OpenFiles files = new OpenFiles(directory.files(database));
    files.opened();

    this.readers = new LogReaders(database, kinds, dictionaries, this::metWith);
    this.lookupReaders = new LogReaders(database, kinds, dictionaries, this::metWith);
    this.checkpointer = new Checkpointer(database, limits, this::writeOutcomes);
    this.heldFile = new HeldFile(database.file());
    this.copy = new PacedCopy(database, checkpointer, heldFile);
    BatchWriter batches = new BatchWriter(database, kinds, running, files, writer);
    this.health =
        new FileHealth(
            files,
            checkpointer,
            new Reopening(database, files, batches, checkpointer, List.of(readers, lookupReaders)));
    this.training = new DictionaryTraining(dictionaries, readers, this::keep);
    this.committer =
        new Committer(
            database.file(),
            running,
            batches,
            health,
            List.of(
                new CommitCounts(counters),
                (parts, batch) -> {
                  if (running.keepUp()) {
                    batch.appended().forEach(each -> recent.put(each.position(), each.delivery()));
                  }
                },
                (parts, batch) -> head.moveTo(batch.next()),
                (parts, batch) -> checkpointer.committed(),
                (parts, batch) -> training.committed(batch.next())),
            counters.failedFlushes::increment);
    this.watch = new DiskWatch(committer, files, running, counters);
  }

  /**
   * Opens the log file of a directory, which is created when it is missing.
   *
   * @throws IllegalStateException with a sentence for the user when it cannot be opened
   */
  static OpenLogFile of(
      DataDirectory directory,
      EventTypes kinds,
      Dictionaries dictionaries,
      RunningSubscriptions running,
      LogCounters counters,
      Checkpointer.Limits limits) {
    try {
      return new OpenLogFile(directory, kinds, dictionaries, running, counters, limits);
    } catch (SQLException e) {
      throw new IllegalStateException(
          Damage.is(e)
              ? Damage.sentence(directory.logFile(), String.valueOf(e.getMessage()))
              : "The delivery log %s cannot be opened: %s."
                  .formatted(directory.logFile(), e.getMessage()),
          e);
    }
  }

  private boolean keep(int id, byte[] dictionary, long trainedTo) {
    return committer.run(writer -> writer.addDictionary(id, dictionary, trainedTo)) == trainedTo;
  }

  void start() {
    committer.start();
    watch.start();
  }

  /** The file is about to be closed: stops watching for slow writes, and learning dictionaries. */
  void windDown() {
    watch.close();
    training.close();
  }

  /** Closes the file, after the last commit. */
  void close() throws SQLException, IOException {
    readers.close();
    lookupReaders.close();
    checkpointer.close();
    heldFile.close();
  }

  // --- who writes and reads it ---

  Committer committer() {
    return committer;
  }

  /** The readers for what subscriptions wait for. */
  LogReaders readers() {
    return readers;
  }

  /** The readers for all else. */
  LogReaders lookupReaders() {
    return lookupReaders;
  }

  /** Copies the file while it is in use. */
  PacedCopy copy() {
    return copy;
  }

  /** The newest deliveries in it, in memory. */
  RecentDeliveries recent() {
    return recent;
  }

  /** The first position that is not committed yet. */
  Head head() {
    return head;
  }

  // --- how it is ---

  /** When the newest delivery was received, as of opening the file; now, if there was none. */
  Instant newestReceivedAt(InstantSource clock) {
    Instant newest = newestReceivedAt;
    return newest == null ? clock.instant() : newest;
  }

  /** Why nothing can be written now, or that writing takes too long, or an empty text. */
  String trouble() {
    return watch.trouble();
  }

  boolean isDamaged() {
    return health.isDamaged();
  }

  Path path() {
    return database.file();
  }

  Path writeAheadPath() {
    return database.writeAheadFile();
  }

  /** Damage stops all writing at once, no matter who finds it. */
  private void metWith(SQLException failure) {
    if (health.met(failure)) {
      writeOutcomes();
    }
  }

  private void writeOutcomes() {
    committer.writeOutcomes();
  }
}
