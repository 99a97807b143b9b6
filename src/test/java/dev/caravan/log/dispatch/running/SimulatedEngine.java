package dev.caravan.log.dispatch.running;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.dispatch.AttemptMarks;
import dev.caravan.log.dispatch.DueBatch;
import dev.caravan.log.dispatch.Envelope;
import dev.caravan.log.dispatch.ManualTiming;
import dev.caravan.log.dispatch.ReadRequest;
import dev.caravan.log.dispatch.RunningSubscription;
import dev.caravan.log.dispatch.StoredCursor;
import dev.caravan.log.dispatch.SubscriptionStore;
import dev.caravan.log.dispatch.attempts.SubscriptionCounters;
import dev.caravan.log.dispatch.running.SimulatedHandler.Known;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.SubscriptionSettings;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An engine without threads for one subscription: does what the committer, its transactions and a
 * reader do, each in steps of its own, so that anything can happen in between.
 */
final class SimulatedEngine implements SubscriptionStore, Executor {
  private static final int LITTLE_MEMORY = 16 << 20;
  private static final int MUCH_MEMORY = 1 << 30;
  private static final int ROUTE_SHARE = 15;

  private final SubscriptionSettings settings;
  private final ManualTiming timing;
  private final Random random;
  private final SimulatedHandler handler;
  private final int memory;
  private final AttemptMarks marks = new MemoryMarks();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Part> waiting = new ArrayList<>();
  private MemoryTables disk = new MemoryTables();
  private Dispatchers dispatchers;
  private RunningSubscription dispatcher;
  private @Nullable Transaction underWay;
  private @Nullable Runnable reading;
  private boolean isReadingAsked;
  private boolean cannotRead;
  private String trouble = "";

  SimulatedEngine(SubscriptionSettings wanted, ManualTiming timing, Random random) {
    this.settings =
        new SubscriptionSettings(
            wanted.name(),
            wanted.filter(),
            wanted.concurrency(),
            wanted.orderBy(),
            wanted.strict(),
            wanted.newestOnly(),
            wanted.startFrom(),
            wanted.retry(),
            wanted.pace(),
            this);
    this.timing = timing;
    this.random = random;
    this.memory = random.nextInt(3) == 0 ? MUCH_MEMORY : LITTLE_MEMORY;
    this.handler = new SimulatedHandler(settings, timing, random);
    this.dispatchers = newDispatchers();
    this.dispatcher = newSubscription();
  }

  /** Something for the next transaction. */
  private interface Part {
    void write(Transaction transaction);
  }

  /** What is being written. */
  private static final class Transaction {
    final MemoryTables tables;
    final List<Envelope> appended = new ArrayList<>();
    final List<Runnable> committed = new ArrayList<>();
    final List<Runnable> failed = new ArrayList<>();
    boolean hasChanges;
    boolean isDueChanged;

    Transaction(MemoryTables tables) {
      this.tables = tables;
    }
  }

  SimulatedHandler handler() {
    return handler;
  }

  MemoryTables disk() {
    return disk;
  }

  RunningSubscription dispatcher() {
    return dispatcher;
  }

  // --- what is to be written ---

  /** A delivery comes. */
  void append(String repository, String event, int length) {
    waiting.add(
        transaction -> {
          MemoryTables tables = transaction.tables;
          Envelope entry =
              new Envelope(
                  tables.end++,
                  event,
                  new Delivery.Subject(null, repository, null, null, null, null),
                  length);
          tables.deliveries.put(entry.position(), entry);
          tables.bodies.add(entry.position());
          transaction.appended.add(entry);
          transaction.committed.add(() -> handler.add(entry));
        });
  }

  /** One comes again, and does what an engine says. */
  void redeliver(long position) {
    waiting.add(
        transaction -> {
          MemoryTables tables = transaction.tables;
          if (tables.bodies.add(position)) {
            tables.restored.add(position);
          }
          if (tables.dead.remove(position)) {
            tables.due.put(position, new MemoryTables.Due(0, timing.millis()));
          }
          Known known = handler.at(position);
          if (!known.entry.isWantedBy(settings.filter())) {
            return;
          }
          known.isOutOfOrder = true;
          boolean runs = runsAgain(tables, position);
          transaction.isDueChanged |= runs;
          transaction.committed.add(
              () -> {
                known.mustTry = runs ? known.attempts + 1 : known.mustTry;
                known.bodyWent = false;
              });
        });
  }

  private boolean runsAgain(MemoryTables tables, long position) {
    RunningSubscription.Redelivery redelivery = dispatcher.redelivered(position);
    if (redelivery != RunningSubscription.Redelivery.NOT_KNOWN) {
      return redelivery == RunningSubscription.Redelivery.RUNS;
    }
    boolean again = tables.due.containsKey(position) || !tables.completed.containsKey(position);
    if (again) {
      tables.due.put(position, new MemoryTables.Due(0, timing.millis()));
    } else {
      dispatcher.completedBefore(position);
    }
    return again;
  }

  /** One is replayed, as an engine does it. */
  void replay(long position) {
    waiting.add(
        transaction -> {
          Known known = handler.at(position);
          if (!known.entry.isWantedBy(settings.filter())
              || !transaction.tables.bodies.contains(position)) {
            return;
          }
          switch (dispatcher.standing(position)) {
            case BEING_WRITTEN -> replay(position); // in a later transaction
            case WAITING -> {}
            case FREE -> {
              boolean isDueAnyway = transaction.tables.due.containsKey(position);
              transaction.tables.replay(position, timing.millis(), settings.strict());
              transaction.isDueChanged = true;
              known.isOutOfOrder = true;
              transaction.committed.add(
                  () -> {
                    known.mayComplete = Math.max(known.mayComplete, known.completed + 1);
                    known.mustRun = isDueAnyway ? known.mustRun : known.attempts + 1;
                  });
            }
          }
        });
  }

  /** Retention takes the oldest bodies, as an engine does. */
  void expire(int bodies) {
    waiting.add(
        transaction -> {
          MemoryTables tables = transaction.tables;
          List<Long> going = tables.bodies.stream().limit(bodies).toList();
          List<Long> due = going.stream().filter(tables.due::containsKey).toList();
          RunningSubscription.Expiring expiring = dispatcher.expiring(tables.entries(going), due);
          expiring.begun().forEach(tables::expire);
          Set<Long> unfinished = expiring.toRun();
          unfinished.forEach(tables::expire);
          going.forEach(tables::removeBody);
          transaction.committed.add(
              () -> {
                going.stream().filter(unfinished::contains).forEach(this::expired);
                going.forEach(position -> bodyWent(handler.at(position)));
                dispatcher.expired();
              });
          transaction.failed.add(dispatcher::notExpired);
        });
  }

  private static void bodyWent(Known known) {
    known.bodyWent = true;
    known.mustRun = 0;
  }

  private void expired(long position) {
    handler.at(position).isToBeRetried = false;
  }

  // --- the committer's steps ---

  boolean isWriting() {
    return underWay != null;
  }

  boolean hasToWrite() {
    return !waiting.isEmpty() || dispatcher.hasUnwritten();
  }

  void beginTransaction(boolean last) {
    Transaction transaction = new Transaction(disk.copy());
    RunningSubscription.Changes changes = dispatcher.changes(last);
    if (changes != null) {
      transaction.hasChanges = true;
      transaction.tables.write(changes);
    }
    List<Part> parts = List.copyOf(waiting);
    waiting.clear();
    parts.forEach(part -> part.write(transaction));
    underWay = transaction;
  }

  void commit() {
    Transaction transaction = underWay;
    if (transaction == null) {
      return;
    }
    underWay = null;
    long first = disk.end;
    transaction.tables.paused = disk.paused;
    disk = transaction.tables;
    transaction.committed.forEach(Runnable::run);
    if (!transaction.appended.isEmpty()) {
      dispatcher.appended(transaction.appended, first, disk.end);
    }
    if (transaction.hasChanges) {
      dispatcher.written();
    }
    if (transaction.isDueChanged) {
      dispatcher.dueChanged();
    }
    if (!trouble.isEmpty()) {
      trouble = "";
      tellWhatMayBegin();
      dispatcher.start();
    }
  }

  void rollBack() {
    Transaction transaction = underWay;
    if (transaction == null) {
      return;
    }
    underWay = null;
    trouble = "disk full";
    tellWhatMayBegin();
    if (transaction.hasChanges) {
      dispatcher.notWritten();
    }
    transaction.failed.forEach(Runnable::run);
  }

  // --- the reader's steps ---

  boolean hasToRead() {
    return isReadingAsked || reading != null;
  }

  /** Reads now what is handed over at some later time. */
  void beginReading(int most) {
    if (!isReadingAsked || reading != null) {
      return;
    }
    isReadingAsked = false;
    RunningSubscription reader = dispatcher;
    long now = timing.millis();
    ReadRequest request = reader.readRequest(now);
    List<Envelope> unfinished = disk.entries(request.unfinished());
    DueBatch due = request.due() ? disk.due(request, now, request.dueAtOnce() + most) : null;
    List<Envelope> entries = disk.entries(request.from(), most);
    long end = disk.end;
    reading =
        () -> {
          if (!unfinished.isEmpty()) {
            reader.unfinishedRead(unfinished);
          }
          if (due != null) {
            reader.dueRead(due, request.flushes());
          } else if (request.entries()) {
            boolean all = entries.size() < most;
            long next =
                all
                    ? Math.max(end, request.from())
                    : entries.get(entries.size() - 1).position() + 1;
            reader.caughtUp(entries, next, () -> disk.end);
          }
        };
  }

  void endReading() {
    Runnable read = reading;
    reading = null;
    if (read != null) {
      read.run();
    }
  }

  // --- the subscription's threads, and its ends ---

  void runOne() {
    Runnable task = tasks.poll();
    if (task != null) {
      cannotRead = random.nextInt(50) == 0;
      task.run();
      cannotRead = false;
    }
  }

  /** The process is gone, and what is on disk begins again. */
  void crash() {
    timing.forget();
    tasks.clear();
    waiting.clear();
    underWay = null;
    reading = null;
    isReadingAsked = false;
    trouble = "";
    handler.died(disk);
    goOnAfterWhatIsGone();
    dispatchers = newDispatchers();
    dispatcher = newSubscription();
    tellWhatMayBegin();
    dispatcher.start();
  }

  /** The route is stopped in order, and begins again. */
  void restart() {
    dispatcher.close();
    commit();
    handler.stop();
    tasks.clear();
    beginTransaction(true);
    commit();
    crash();
  }

  void sendersWait(boolean isProcessorBusy) {
    timing.busy(isProcessorBusy);
    dispatchers.sendersWait();
  }

  void pause(boolean paused) {
    if (paused) {
      dispatcher.pause();
    } else {
      dispatcher.resume();
    }
  }

  private Dispatchers newDispatchers() {
    return new Dispatchers(this, marks, memory, ROUTE_SHARE, timing);
  }

  private RunningSubscription newSubscription() {
    return dispatchers.begin(
        MemoryTables.ID, disk.cursor(), disk.paused, settings, handler, new SubscriptionCounters());
  }

  /** As an engine does. */
  private void goOnAfterWhatIsGone() {
    long keptFrom = disk.keptFrom();
    StoredCursor stored = disk.cursor();
    if (stored.next() >= keptFrom) {
      return;
    }
    for (Envelope entry : disk.deliveries.headMap(keptFrom).values()) {
      long position = entry.position();
      if (stored.isAhead(position) && entry.isWantedBy(settings.filter())) {
        if (disk.restored.contains(position)) {
          disk.due.put(position, new MemoryTables.Due(0, timing.millis()));
        }
      }
    }
    disk.next = keptFrom;
    disk.unfinished = List.of();
  }

  private void tellWhatMayBegin() {
    handler.mayBegin(!disk.paused && trouble.isEmpty());
  }

  // --- what the subscription asks for ---

  @Override
  public void execute(Runnable work) {
    tasks.add(work);
  }

  boolean hasToRun() {
    return !tasks.isEmpty();
  }

  @Override
  public @Nullable Delivery load(long position) throws UnreadableException {
    if (cannotRead) {
      throw new UnreadableException(new IllegalStateException("busy"), false);
    }
    Envelope entry = disk.deliveries.get(position);
    return disk.bodies.contains(position)
        ? new Delivery(
            Long.toString(position),
            entry.event(),
            entry.subject(),
            Instant.EPOCH,
            Map.of(),
            Delivery.Encoding.JSON,
            "{}".getBytes(UTF_8))
        : null;
  }

  @Override
  public Stretch newestRuns(long subscription, OrderBy orderBy, long after, long before)
      throws UnreadableException {
    if (cannotRead) {
      throw new UnreadableException(new IllegalStateException("busy"), false);
    }
    return disk.newestRuns(orderBy, after, before);
  }

  @Override
  public long askedForAgainAt(long subscription, long position, int turns) {
    return disk.askedForAgainAt(position, turns);
  }

  @Override
  public String guidAt(long position) {
    return Long.toString(position);
  }

  @Override
  public void requestReading(RunningSubscription asking) {
    isReadingAsked = true;
  }

  @Override
  public void outcomeWaiting(boolean urgent) {}

  @Override
  public void setPaused(String subscription, boolean paused) {
    disk.paused = paused;
    tellWhatMayBegin();
  }

  @Override
  public String trouble() {
    return trouble;
  }

  /** What the disk says has not run, is not to run, and was not given up. */
  Set<Long> lost() {
    Set<Long> lost = new HashSet<>();
    for (Known each : handler.all()) {
      long position = each.entry.position();
      if (each.entry.isWantedBy(settings.filter())
          && !disk.cursor().isAhead(position)
          && !disk.completed.containsKey(position)
          && !disk.due.containsKey(position)
          && !disk.dead.contains(position)) {
        lost.add(position);
      }
    }
    return lost;
  }
}
