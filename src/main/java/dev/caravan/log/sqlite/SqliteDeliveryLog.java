package dev.caravan.log.sqlite;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
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
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.dispatch.RunningSubscriptions;
import dev.caravan.log.shipping.ShippingOptions;
import dev.caravan.log.sqlite.commit.Append;
import dev.caravan.log.sqlite.commit.Committer;
import dev.caravan.log.sqlite.directory.DataDirectory;
import dev.caravan.log.sqlite.directory.LogInUseException;
import dev.caravan.log.sqlite.directory.UnfinishedCopy;
import dev.caravan.log.sqlite.file.Checkpointer;
import dev.caravan.log.sqlite.retention.BodyRemoval;
import dev.caravan.log.sqlite.retention.Sweeper;
import dev.caravan.log.sqlite.subscriptions.AttemptMarkFiles;
import dev.caravan.log.sqlite.subscriptions.LocalSubscriptions;
import dev.caravan.log.state.LogCounters;
import dev.caravan.log.subscription.DeliveryHandler;
import dev.caravan.log.subscription.Subscription;
import dev.caravan.log.subscription.SubscriptionSettings;
import dev.caravan.log.tables.EventTypes;
import dev.caravan.log.tables.NewDelivery;
import dev.caravan.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

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
  private final Lock starts = new ReentrantLock();
  private final RunningSubscriptions running;
  private final OpenLogFile file;
  private final Committer committer;
  private final SubscriptionControl subscriptions;
  private final Lookups lookups;
  private final Sweeper sweeper;
  private final LogFigures figures;
  private final ShippedLog shipped = new ShippedLog();
  private volatile boolean closed;

  private SqliteDeliveryLog(
      DataDirectory directory, LogOptions options, Checkpointer.Limits limits) {
    this.directory = directory;
    this.dedupe = options.dedupe();
    this.running = new RunningSubscriptions(options.nanos());
    EventTypes kinds = new EventTypes();
    this.file = OpenLogFile.of(directory, kinds, dictionaries, running, counters, limits);
    this.committer = file.committer();

    this.subscriptions =
        new SubscriptionControl(file, directory.path(), options, kinds, running, counters, starts);

    LocalSubscriptions local = new LocalSubscriptions(running, kinds, file.head());
    this.lookups = new Lookups(file, local, kinds);
    this.figures = new SqliteLogFigures(file, local, counters, options.retention(), shipped::age);
    Instant newest = file.newestReceivedAt(options.clock());
    this.sweeper = sweeper(options.retention(), options.clock(), newest);
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
   * Opens the log of that directory, which is created when it is missing.
   *
   * @throws LogInUseException with a sentence for the user, when another process has it
   * @throws IllegalStateException with a sentence for the user, when it cannot be written, or its
   *     file is damaged, no log, or of a newer version
   */
  public static SqliteDeliveryLog open(Path data, LogOptions options) {
    return open(data, options, DataDirectory.Use.SERVER, Checkpointer.USUAL);
  }

  /**
   * Forgets which large deliveries were being run when the program ended. For a log whose attempts
   * cannot have ended it, and must not be given up for that.
   */
  public static void forgetLargeAttempts(Path data) {
    AttemptMarkFiles marks = new AttemptMarkFiles(data);
    marks.left().keySet().forEach(marks::remove);
  }

  /**
   * Opens the log for a command that is done in a moment: a server that starts meanwhile waits for
   * it. Throws what {@link #open} does.
   */
  public static SqliteDeliveryLog openBriefly(Path data, LogOptions options) {
    return open(data, options, DataDirectory.Use.COMMAND, Checkpointer.USUAL);
  }

  static SqliteDeliveryLog open(
      Path data, LogOptions options, DataDirectory.Use use, Checkpointer.Limits limits) {
    DataDirectory directory = DataDirectory.own(data, use);
    try {
      new UnfinishedCopy(data).refuse();
      SqliteDeliveryLog log = new SqliteDeliveryLog(directory, options, limits);
      log.file.start();
      log.sweeper.start();
      log.lookups.start();
      return log;
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
    return subscriptions.begin(settings, handler);
  }

  @Override
  public DeliveryHistory history() {
    return lookups.history();
  }

  @Override
  public LogFigures figures() {
    return figures;
  }

  @Override
  public LogBackup backup() {
    return file.copy();
  }

  /** Ships the log to a storage from now on. Call it once. */
  public void shipTo(Storage storage, ShippingOptions options) {
    shipped.begin(file.copy(), storage, directory.path().resolve("shipping"), options);
  }

  @Override
  public void sendersWait() {
    subscriptions.sendersWait();
  }

  @Override
  public KnownReplay replay(ReplayRequest request, String what) {
    return lookups.replays().start(request, what);
  }

  @Override
  public List<KnownReplay> replays() {
    return lookups.replays().all();
  }

  @Override
  public void pause(String subscription) {
    subscriptions.pause(subscription);
  }

  @Override
  public void resume(String subscription) {
    subscriptions.resume(subscription);
  }

  @Override
  public long retryNow(String subscription) {
    return subscriptions.retryNow(subscription);
  }

  @Override
  public String trouble() {
    return file.trouble();
  }

  @Override
  public CompletableFuture<Void> heartbeat() {
    return committer.heartbeat();
  }

  @Override
  public void close() {
    closed = true;
    subscriptions.stop();
    file.windDown();
    sweeper.close();
    lookups.stopIndexing();
    try {
      lookups.replays().close(); // while the committer still takes what they schedule
      committer.close();
      shipped.close();
      file.close();
      shipped.logClosed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("The delivery log cannot be closed: " + e.getMessage(), e);
    } finally {
      subscriptions.close();
      directory.close();
    }
  }

  // --- for tests of this engine ---

  /** The committer. */
  Committer committer() {
    return committer;
  }

  /** Removes bodies as one step of a sweep does, for this many nanoseconds. */
  BodyRemoval.Done removeBodies(long before, long bytes, long nanos, long now) {
    BodyRemoval removal = new BodyRemoval(before, bytes, nanos, now, running);
    committer.add(removal);
    return removal.future().join();
  }

  /** Sweeps now instead of at the next interval. */
  void sweep() {
    sweeper.sweep();
  }

  /** A sweeper with this retention; the caller starts and closes it. */
  Sweeper sweeper(Retention retention, InstantSource clock, Instant newest) {
    return new Sweeper(
        retention, clock, committer, file::trouble, running, counters, file.head(), starts, newest);
  }

  /** Brings the search index up to date now instead of at the next interval. */
  void index() throws SQLException {
    lookups.index();
  }
}
