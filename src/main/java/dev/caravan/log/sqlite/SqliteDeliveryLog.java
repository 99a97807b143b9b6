package dev.caravan.log.sqlite;

import dev.caravan.log.Dedupe;
import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.KnownReplay;
import dev.caravan.log.LogBackup;
import dev.caravan.log.LogEngine;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogOptions;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.Retention;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.Dispatchers;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.dispatch.SystemTiming;
import dev.caravan.log.replay.Replays;
import dev.caravan.log.search.DeliverySearch;
import dev.caravan.log.search.SearchIndexer;
import dev.caravan.log.search.TableHistory;
import dev.caravan.log.shipping.Shipping;
import dev.caravan.log.shipping.ShippingOptions;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.LogCounters;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The delivery log in one SQLite file of the data directory: puts the parts of the engine together,
 * starts and stops them, and hands each question to the part that answers it.
 *
 * <p>Safe for use by many threads. One process at a time can have a directory open.
 */
public final class SqliteDeliveryLog implements LogEngine {
  private final Dedupe dedupe;
  private final DataDirectory directory;
  private final Dictionaries dictionaries = new Dictionaries();
  private final LogCounters counters = new LogCounters();
  private final SystemTiming timing = new SystemTiming();
  private final Lock starts = new ReentrantLock();
  private final RunningSubscriptions running;
  private final LogReaders readers;

  /** Apart from those that dispatching waits for. */
  private final LogReaders lookupReaders;

  private final Head head;
  private final Checkpointer checkpointer;
  private final HeldFile heldFile;
  private final PacedCopy copy;
  private final FileHealth health;
  private final Committer committer;
  private final DiskWatch watch;
  private final CatchUp catchUp;
  private final SqliteSubscriptionStore store;
  private final Dispatchers dispatchers;
  private final SubscriptionStarts subscriptionStarts;
  private final SearchIndexer indexer;
  private final Sweeper sweeper;
  private final Replays replays;
  private final DeliveryHistory history;
  private final LogFigures figures;
  private volatile @Nullable Shipping shipping;
  private volatile boolean closed;

  private SqliteDeliveryLog(DataDirectory directory, LogOptions options, Checkpointer.Limits limits)
      throws SQLException {
    this.directory = directory;
    this.dedupe = options.dedupe();
    this.running = new RunningSubscriptions(options.nanos());
    Database database = new Database(directory.logFile());
    database.makeIfMissing();
    if (Inspection.of(database)) {
      database.emptyWriteAheadFile();
    }
    EventTypes kinds = new EventTypes();
    Transaction writer = new Transaction(database, kinds, running);
    writer.load(dictionaries);
    this.head = new Head(writer.next());
    Instant newest = writer.newestReceivedAt();
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
    RecentDeliveries recent = new RecentDeliveries();
    DictionaryTraining training = new DictionaryTraining(dictionaries, readers);
    this.committer =
        new Committer(
            database,
            running,
            batches,
            health,
            List.of(
                new CommitCounts(counters),
                (parts, batch) -> recent.appended(batch.appended(), !running.isEmpty()),
                (parts, batch) -> head.moveTo(batch.next()),
                (parts, batch) -> checkpointer.committed(),
                (parts, batch) -> training.committed(batch.next(), transactions())),
            counters.failedFlushes::increment);
    this.watch = new DiskWatch(committer, files, running, counters);

    ReadFailures readFailures = new ReadFailures(directory.logFile());
    this.catchUp = new CatchUp(readers, kinds, head, readFailures::met, timing);
    this.store =
        new SqliteSubscriptionStore(
            readers, recent, readFailures, catchUp, committer, watch::trouble);
    this.dispatchers =
        new Dispatchers(
            store,
            new AttemptMarkFiles(directory.path()),
            options.routeMemory(),
            options.routeShare(),
            timing);
    this.subscriptionStarts =
        new SubscriptionStarts(
            committer, readers, kinds, head, running, dispatchers, counters, starts);

    LocalSubscriptions subscriptions = new LocalSubscriptions(running, kinds, head);
    DeliverySearch search = new DeliverySearch(subscriptions, kinds);
    this.replays =
        new Replays(
            new SqliteReplayStore(committer, subscriptions, this::writeOutcomes),
            subscriptions,
            search,
            lookupReaders);
    this.history = new TableHistory(lookupReaders, search, subscriptions);
    this.figures =
        new SqliteLogFigures(
            health,
            watch::trouble,
            database,
            lookupReaders,
            subscriptions,
            counters,
            options.retention().size(),
            this::shippedAge);
    this.indexer = new SearchIndexer(lookupReaders, this::addToIndex, watch::trouble, head);
    this.sweeper =
        sweeper(
            options.retention(),
            options.clock(),
            newest == null ? options.clock().instant() : newest);
  }

  /** Whether there is a log in that directory. */
  public static boolean isIn(Path data) {
    return Files.isRegularFile(data.resolve(DataDirectory.LOG_FILE));
  }

  /** The file of the log in that directory. */
  public static Path file(Path data) {
    return data.resolve(DataDirectory.LOG_FILE);
  }

  /**
   * Opens the log of that directory, which is made when it is missing.
   *
   * @throws LogInUseException with a sentence for the user, when another process has it
   * @throws IllegalStateException with a sentence for the user, when it cannot be written, or its
   *     file is damaged, not a log, or of a newer version
   */
  public static SqliteDeliveryLog open(Path data, LogOptions options) {
    return open(data, options, DataDirectory.Use.SERVER, Checkpointer.USUAL);
  }

  /**
   * Opens it for a command that is done in a moment: a server that starts meanwhile waits for it.
   * Throws what {@link #open} does.
   */
  public static SqliteDeliveryLog openBriefly(Path data, LogOptions options) {
    return open(data, options, DataDirectory.Use.COMMAND, Checkpointer.USUAL);
  }

  static SqliteDeliveryLog open(
      Path data, LogOptions options, DataDirectory.Use use, Checkpointer.Limits limits) {
    DataDirectory directory = DataDirectory.own(data, use);
    try {
      SqliteDeliveryLog log = new SqliteDeliveryLog(directory, options, limits);
      log.committer.start();
      log.watch.start();
      log.sweeper.start();
      log.indexer.start();
      return log;
    } catch (SQLException e) {
      directory.close();
      throw new IllegalStateException(
          Damage.is(e)
              ? Damage.sentence(directory.logFile(), String.valueOf(e.getMessage()))
              : "The delivery log %s cannot be opened: %s."
                  .formatted(directory.logFile(), e.getMessage()),
          e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public CompletableFuture<Receipt> append(Delivery delivery) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("The delivery log is closed"));
    }
    Append append = new Append(new NewDelivery(delivery, dedupe, dictionaries.newest()));
    committer.add(append);
    return append.receipt();
  }

  @Override
  public Subscription subscribe(SubscriptionSettings settings, DeliveryHandler handler) {
    return subscriptionStarts.start(settings, handler);
  }

  @Override
  public DeliveryHistory history() {
    return history;
  }

  @Override
  public LogFigures figures() {
    return figures;
  }

  @Override
  public LogBackup backup() {
    return copy;
  }

  /** Ships it to a storage from now on. To be called once. */
  public void shipTo(Storage storage, ShippingOptions options) {
    Shipping begun =
        new Shipping(
            copy, storage, directory.path().resolve("shipping"), options, InstantSource.system());
    shipping = begun;
    begun.start();
  }

  private @Nullable Duration shippedAge() {
    Shipping begun = shipping;
    return begun == null ? null : begun.age();
  }

  @Override
  public void sendersWait() {
    dispatchers.sendersWait();
  }

  @Override
  public KnownReplay replay(ReplayRequest request, String what) {
    return replays.start(request, what);
  }

  @Override
  public List<KnownReplay> replays() {
    return replays.all();
  }

  @Override
  public void pause(String subscription) {
    RunningSubscription dispatcher = running.find(subscription);
    if (dispatcher == null) {
      store.setPaused(subscription, true);
    } else {
      dispatcher.pause();
    }
  }

  @Override
  public void resume(String subscription) {
    RunningSubscription dispatcher = running.find(subscription);
    if (dispatcher == null) {
      store.setPaused(subscription, false);
    } else {
      dispatcher.resume();
    }
  }

  @Override
  public long retryNow(String subscription) {
    return new RetryNow(committer).of(subscription);
  }

  @Override
  public String trouble() {
    return watch.trouble();
  }

  /** How long the oldest of what is to be written has waited for the disk. */
  Duration longestWait() {
    return Duration.ofNanos(committer.longestWait());
  }

  @Override
  public CompletableFuture<Void> heartbeat() {
    AwaitedPart<Boolean> nothing = new AwaitedPart<>(writer -> true, done -> {});
    committer.add(nothing);
    return nothing.future().thenAccept(done -> {});
  }

  @Override
  public void close() {
    closed = true;
    for (RunningSubscription dispatcher : running) {
      dispatcher.close();
    }
    timing.close();
    watch.close();
    sweeper.close();
    indexer.close();
    catchUp.close();
    try {
      replays.close(); // while the committer still takes what they schedule
      committer.close();
      Shipping shipped = shipping;
      if (shipped != null) {
        shipped.close();
      }
      readers.close();
      lookupReaders.close();
      checkpointer.close();
      heldFile.close();
      if (shipped != null) {
        shipped.logClosed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("The delivery log cannot be closed: " + e.getMessage(), e);
    } finally {
      dispatchers.close();
      directory.close();
    }
  }

  /** Damage stops all writing at once, whoever finds it. */
  private void metWith(SQLException failure) {
    if (health.met(failure)) {
      writeOutcomes();
    }
  }

  private void addToIndex(long first, int size, byte[] columns, byte[] mentions) {
    committer.run(
        transaction -> {
          transaction.addToIndex(first, size, columns, mentions);
          return first;
        });
  }

  private void writeOutcomes() {
    committer.writeOutcomes();
  }

  /** Where parts of this engine hand in what they write. */
  Transactions transactions() {
    return committer;
  }

  // --- for tests of this engine ---

  /** Lets the committer write something, and waits until it is on disk. */
  <T> T write(AwaitedPart.Body<T> body) {
    return committer.run(body);
  }

  /** Removes bodies as a sweep does, but as long as this says. */
  BodyRemoval.Done removeBodies(long before, long bytes, long nanos, long now) {
    BodyRemoval removal = new BodyRemoval(before, bytes, nanos, now, running);
    committer.add(removal);
    return removal.future().join();
  }

  /** Sweeps now rather than at the next time. */
  void sweep() {
    sweeper.sweep();
  }

  /** Carries out a retention of its own; its owner starts and closes it. */
  Sweeper sweeper(Retention retention, InstantSource clock, Instant newest) {
    return new Sweeper(
        retention, clock, committer, watch::trouble, running, counters, head, starts, newest);
  }

  /** Brings the search index up to the end now rather than at the next time. */
  void index() throws SQLException {
    indexer.run();
  }
}
