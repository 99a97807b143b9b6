package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.log.DeliveryHandler;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.DeliveryLog;
import dev.caravan.log.LogFigures;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.Replay;
import dev.caravan.log.ReplayRequest;
import dev.caravan.log.StartFrom;
import dev.caravan.log.Subscription;
import dev.caravan.log.SubscriptionSettings;
import dev.caravan.log.UnknownSubscriptionException;
import dev.caravan.log.dispatch.Dispatchers;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.dispatch.SubscriptionCounters;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.SystemTiming;
import dev.caravan.logging.ErrorSentence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery log in one SQLite file of the data directory.
 *
 * <p>Safe for use by many threads. One process at a time can have a directory open.
 */
public final class SqliteDeliveryLog implements DeliveryLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final long LONGEST_WAIT_FOR_RUNNING_MILLIS = 30_000;

  private final Dedupe dedupe;
  private final DataDirectory directory;
  private final LogReaders readers;

  /** Apart from those that dispatching waits for. */
  private final LogReaders lookupReaders;

  private final DeliverySearch search;
  private final SubscriptionReport subscriptions;
  private final LogFigures figures;
  private final LogCounters counters = new LogCounters();
  private final Replays replays;
  private final RunningSubscriptions running;
  private final RecentDeliveries recent = new RecentDeliveries();
  private final Dispatchers dispatchers;
  private final Checkpointer checkpointer;
  private final CatchUp catchUp;
  private final FileHealth health;
  private final Committer committer;
  private final DiskWatch watch;
  private final Sweeper sweeper;
  private final SearchIndexer indexer;
  private final Kinds kinds = new Kinds();
  private final Dictionaries dictionaries = new Dictionaries();
  private final DictionaryTraining training;
  private final SystemTiming timing = new SystemTiming();
  private final SubscriptionStore store = new Store();
  private volatile long committedTo;
  private volatile long complainAt = System.nanoTime();
  private volatile boolean closed;

  private SqliteDeliveryLog(DataDirectory directory, Options options, Checkpointer.Limits limits)
      throws SQLException {
    this.directory = directory;
    this.dedupe = options.dedupe();
    this.running = new RunningSubscriptions(options.nanos());
    this.dispatchers =
        new Dispatchers(
            store, new AttemptMarkFiles(directory.path()), options.routeMemory(), timing);
    Database database = new Database(directory.logFile());
    database.makeIfMissing();
    if (Inspection.of(database)) {
      database.emptyWriteAheadFile();
    }
    Writer writer = new Writer(database, kinds, running);
    writer.load(dictionaries);
    this.committedTo = writer.next();
    Instant newest = writer.newestReceivedAt();
    OpenFiles files = new OpenFiles(directory.files(database));
    files.opened();
    this.readers = new LogReaders(database, kinds, dictionaries, this::metWith);
    this.training = new DictionaryTraining(dictionaries, readers, this);
    this.lookupReaders = new LogReaders(database, kinds, dictionaries, this::metWith);
    this.search = new DeliverySearch(running, kinds, () -> committedTo);
    this.subscriptions = new SubscriptionReport(running, kinds);
    this.figures =
        new SqliteLogFigures(
            this, database, lookupReaders, running, kinds, counters, options.retention().size());
    this.replays = new Replays(this, running, search, lookupReaders);
    this.checkpointer = new Checkpointer(database, limits, () -> outcomeWaiting(true));
    this.catchUp = new CatchUp(readers, kinds, () -> committedTo, this::cannotRead, timing);
    Transactions transactions = new Transactions(database, kinds, running, files, writer);
    this.health =
        new FileHealth(
            files,
            checkpointer,
            new Reopening(
                database, files, transactions, checkpointer, List.of(readers, lookupReaders)));
    this.committer = new Committer(database, running, transactions, health, this);
    this.watch = new DiskWatch(committer, files, running, counters);
    this.indexer = new SearchIndexer(lookupReaders, this, () -> committedTo);
    this.sweeper =
        new Sweeper(
            options.retention(),
            options.clock(),
            this,
            newest == null ? options.clock().instant() : newest);
  }

  /**
   * How the log behaves.
   *
   * @param dedupe what makes a delivery the same as one that came before
   * @param routeMemory bytes for large bodies that routes work on at once
   * @param retention how long it keeps what it has taken
   * @param clock what the age of a delivery is measured with
   * @param nanos what tells how long a subscription has been away, as {@link System#nanoTime}
   */
  public record Options(
      Dedupe dedupe,
      long routeMemory,
      Retention retention,
      InstantSource clock,
      LongSupplier nanos) {

    /** As long as this machine runs, time only goes on. */
    public Options(Dedupe dedupe, long routeMemory, Retention retention, InstantSource clock) {
      this(dedupe, routeMemory, retention, clock, System::nanoTime);
    }

    /** With the retention that is right for most, and this machine's clock. */
    public Options(Dedupe dedupe, long routeMemory) {
      this(dedupe, routeMemory, Retention.DEFAULT, InstantSource.system());
    }
  }

  /** Whether there is a log in that directory. */
  public static boolean isIn(Path data) {
    return Files.isRegularFile(data.resolve(DataDirectory.LOG_FILE));
  }

  /**
   * Opens the log of that directory, which is made when it is missing.
   *
   * @throws LogInUseException with a sentence for the user, when another process has it
   * @throws IllegalStateException with a sentence for the user, when it cannot be written, or its
   *     file is damaged, not a log, or of a newer version
   */
  public static SqliteDeliveryLog open(Path data, Options options) {
    return open(data, options, DataDirectory.Use.SERVER, Checkpointer.USUAL);
  }

  /**
   * Opens it for a command that is done in a moment: a server that starts meanwhile waits for it.
   * Throws what {@link #open} does.
   */
  public static SqliteDeliveryLog openBriefly(Path data, Options options) {
    return open(data, options, DataDirectory.Use.COMMAND, Checkpointer.USUAL);
  }

  static SqliteDeliveryLog open(
      Path data, Options options, DataDirectory.Use use, Checkpointer.Limits limits) {
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
    Append append = new Append(delivery, dedupe, dictionaries.newest());
    committer.add(append);
    return append.receipt();
  }

  @Override
  public synchronized Subscription subscribe(
      SubscriptionSettings settings, DeliveryHandler handler) {
    RunningSubscription before = running.find(settings.name());
    if (before != null) {
      awaitEnd(before);
    }
    Long first = firstPosition(settings.startFrom());
    SubscriptionStart start = new SubscriptionStart(settings, first);
    SkippedDeliveries skipped = skipped(start);
    RunningSubscription dispatcher =
        write(
            writer -> {
              StoredSubscription stored = start.write(writer);
              return dispatchers.begin(
                  stored.id(),
                  stored.cursor(),
                  stored.paused(),
                  settings,
                  handler,
                  counters(settings.name()));
            },
            begun -> {
              // What the one before had to say was written in this transaction.
              if (before != null) {
                running.remove(before);
              }
              running.add(begun);
            });
    skipped.report(settings.name());
    dispatcher.start();
    return dispatcher;
  }

  /** What happened in this log, for looking things up. */
  public DeliveryHistory history() {
    return new SqliteDeliveryHistory(lookupReaders, search, subscriptions, () -> committedTo);
  }

  /** How the log is doing, in numbers. */
  public LogFigures figures() {
    return figures;
  }

  @Override
  public Replay replay(ReplayRequest request) {
    return replays.start(request);
  }

  @Override
  public void pause(String subscription) {
    RunningSubscription dispatcher = running.find(subscription);
    if (dispatcher == null) {
      setPaused(subscription, true);
    } else {
      dispatcher.pause();
    }
  }

  @Override
  public void resume(String subscription) {
    RunningSubscription dispatcher = running.find(subscription);
    if (dispatcher == null) {
      setPaused(subscription, false);
    } else {
      dispatcher.resume();
    }
  }

  @Override
  public String trouble() {
    String trouble = committer.trouble();
    return trouble.isEmpty() ? watch.trouble() : trouble;
  }

  @Override
  public Duration longestWait() {
    return Duration.ofNanos(committer.longestWait());
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
      readers.close();
      lookupReaders.close();
      checkpointer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw new IllegalStateException("The delivery log cannot be closed: " + e.getMessage(), e);
    } finally {
      dispatchers.close();
      directory.close();
    }
  }

  // --- for the parts of this engine ---

  void committed(List<Work> work, Writer.Batch batch) {
    counters.committed(work, batch);
    if (!running.isEmpty()) {
      batch.appended().forEach(appended -> recent.put(appended.position(), appended.delivery()));
    }
    committedTo = batch.next();
    checkpointer.committed();
    training.committed(committedTo);
  }

  /** Damage stops all writing at once, whoever finds it. */
  private void metWith(SQLException failure) {
    if (health.met(failure)) {
      outcomeWaiting(true);
    }
  }

  boolean isDamaged() {
    return health.isDamaged();
  }

  void notCommitted() {
    counters.failedFlushes.increment();
  }

  SubscriptionCounters counters(String subscription) {
    return counters.of(subscription);
  }

  /** The first position that is not committed yet. */
  long committedTo() {
    return committedTo;
  }

  /** Sweeps now rather than at the next time. */
  void sweep() {
    sweeper.sweep();
  }

  /** Brings the search index up to the end now rather than at the next time. */
  void index() throws SQLException {
    indexer.run();
  }

  /** Not while a subscription begins, which is neither idle nor running yet. */
  synchronized BodyRemoval.Done removeBodies(long before, long bytes, long nanos, long now) {
    BodyRemoval removal = new BodyRemoval(before, bytes, nanos, now, running);
    committer.add(removal);
    return removal.future().join();
  }

  void outcomeWaiting(boolean urgent) {
    committer.outcomeWaiting(urgent);
  }

  private void cannotRead(Throwable cause) {
    long now = System.nanoTime();
    // Many threads may find the same, again and again; of a damaged file the committer says it.
    if (now - complainAt >= 0 && !Damage.isOfTheFile(cause)) {
      complainAt = now + MINUTE;
      LOG.error(
          Damage.is(cause)
              ? Damage.sentence(directory.logFile(), String.valueOf(cause.getMessage()))
              : "The delivery log cannot be read: " + ErrorSentence.of(cause) + ". Trying again.");
    }
  }

  private void setPaused(String subscription, boolean paused) {
    if (!write(writer -> writer.subscriptions().pause(subscription, paused))) {
      throw new UnknownSubscriptionException(
          subscription,
          write(writer -> writer.subscriptions().all()).stream()
              .map(StoredSubscription::name)
              .toList());
    }
  }

  /** Lets the committer write something, and waits until it is on disk. */
  <T> T write(Task.Body<T> body) {
    return write(body, result -> {});
  }

  private <T> T write(Task.Body<T> body, Consumer<T> afterCommit) {
    Task<T> task = new Task<>(body, afterCommit);
    committer.add(task);
    try {
      return task.future().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LogUnavailableException unavailable ? unavailable : e;
    }
  }

  /** Null for the end of the log as it is when the subscription is made. */
  private @Nullable Long firstPosition(StartFrom startFrom) {
    if (startFrom.time().isAfter(Instant.now())) {
      return null;
    }
    long end = committedTo; // read first: what is committed during the search is found or is later
    try {
      Long first = readers.read(reader -> reader.firstSince(startFrom.time()));
      return first == null ? end : first;
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }

  private SkippedDeliveries skipped(SubscriptionStart start) {
    try {
      return readers.read(reader -> start.skipped(reader, committedTo, kinds));
    } catch (SQLException e) {
      throw new LogUnavailableException("The delivery log cannot be read: " + e.getMessage(), e);
    }
  }

  private static void awaitEnd(RunningSubscription before) {
    if (!before.isClosed()) {
      throw new IllegalStateException(
          "A subscription named '" + before.name() + "' is running already");
    }
    try {
      if (!before.awaitIdle(LONGEST_WAIT_FOR_RUNNING_MILLIS)) {
        throw new IllegalStateException(
            "Subscription '%s' still has attempts running from before; it can start when they have ended."
                .formatted(before.name()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while '" + before.name() + "' was stopping", e);
    }
  }

  /** What a subscription that runs in this process gets from here. */
  private final class Store implements SubscriptionStore {
    @Override
    public @Nullable Delivery load(long position) throws UnreadableException {
      Delivery delivery = recent.find(position);
      try {
        return delivery != null ? delivery : readers.read(reader -> reader.load(position));
      } catch (SQLException e) {
        cannotRead(e);
        throw new UnreadableException(e, Damage.is(e));
      }
    }

    @Override
    public @Nullable String guidAt(long position) {
      try {
        return readers.read(reader -> reader.guidAt(position));
      } catch (SQLException | RuntimeException | Error e) { // there was trouble before this
        return null;
      }
    }

    @Override
    public void requestReading(RunningSubscription subscription) {
      catchUp.request(subscription);
    }

    @Override
    public void outcomeWaiting(boolean urgent) {
      committer.outcomeWaiting(urgent);
    }

    @Override
    public void setPaused(String subscription, boolean paused) {
      SqliteDeliveryLog.this.setPaused(subscription, paused);
    }

    @Override
    public String trouble() {
      return SqliteDeliveryLog.this.trouble();
    }
  }
}
