package dev.caravan.log.shipping;

import dev.caravan.files.OwnerOnly;
import dev.caravan.log.pages.ChangedPages;
import dev.caravan.log.pages.PageFollower;
import dev.caravan.log.pages.PageSink;
import dev.caravan.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the whole file in a storage, and what has changed since, as numbered segments. Until
 * its scan of the file is over, its segments do not make a whole file. For one thread.
 */
final class Generation implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Storage storage;
  private final String name;
  private final Path folder;
  private final Path indexFile;
  private final PageIndex index;
  private int number;
  private long last;
  private boolean complete;

  /** One that was sent and, for all that is known, has not arrived. */
  private @Nullable SegmentName sent;

  /** The next page of the file to be looked at; 0 when all were. */
  private int scanned = 1;

  private Generation(Storage storage, String name, Path folder) throws IOException {
    this.storage = storage;
    this.name = name;
    this.folder = folder;
    this.indexFile = folder.resolve(name + ".index");
    this.index = new PageIndex(indexFile);
  }

  /** Begins one, with nothing in it: the newest by its name, even where a clock was set back. */
  static Generation begin(Storage storage, Path folder) throws IOException {
    Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    for (String other : storage.list("")) {
      SegmentName segment = SegmentName.parse(other);
      if (segment != null && !timeOf(segment.generation()).isBefore(time)) {
        time = timeOf(segment.generation()).plusSeconds(1);
      }
    }
    String name = TIME.format(time) + "-" + HexFormat.of().toHexDigits(RANDOM.nextInt());
    return new Generation(storage, name, folder);
  }

  private static Instant timeOf(String generation) {
    return TIME.parse(generation.substring(0, generation.indexOf('-')), Instant::from);
  }

  /**
   * Goes on with one that an earlier run began, or returns null when the storage has not what that
   * run has put there, or more.
   */
  static @Nullable Generation resume(Storage storage, Path folder, String name) throws IOException {
    if (!Files.isRegularFile(folder.resolve(name + ".index"))) {
      return null;
    }
    List<SegmentName> there =
        storage.list(name + "/").stream().map(SegmentName::parse).filter(Objects::nonNull).toList();
    Generation found = new Generation(storage, name, folder);
    SegmentName last = there.isEmpty() ? null : there.get(there.size() - 1);
    if (last != null
        && last.number() == there.size()
        && (last.id() == found.index.shipped() || last.id() == found.index.underWay())) {
      found.number = last.number();
      found.last = last.id();
      found.complete = there.stream().anyMatch(SegmentName::whole);
      return found;
    }
    found.close();
    return null;
  }

  String name() {
    return name;
  }

  /** When it was begun. */
  Instant begun() {
    return timeOf(name);
  }

  /** Whether a whole file can be made from what has arrived. */
  boolean isComplete() {
    return complete;
  }

  /** Whether the file is still being looked through. */
  boolean isScanning() {
    return scanned != 0;
  }

  /** Looks through the file for what was not shipped. */
  void scanAgain() {
    scanned = 1;
  }

  /** The file is as it was when the last segment was made. */
  void skipScan() {
    scanned = 0;
  }

  /**
   * Looks at some of the file. To be done before the changes are taken that are shipped with it:
   * what it finds may be newer than those that were taken before.
   *
   * @param most how many pages
   */
  Found scan(PageFollower follower, int most) throws IOException {
    Found found = new Found(new ChangedPages(folder.resolve(name + ".found")));
    if (isScanning()) {
      try {
        found.next = follower.scan(scanned, most, unlessShipped(found));
      } catch (IOException | RuntimeException e) {
        found.close();
        throw e;
      }
    }
    return found;
  }

  /** Pages that must be shipped. */
  static final class Found implements AutoCloseable {
    private final ChangedPages pages;
    private final Map<Integer, Long> hashes = new HashMap<>();
    private int next;

    private Found(ChangedPages pages) {
      this.pages = pages;
    }

    @Override
    public void close() throws IOException {
      pages.close();
    }
  }

  /**
   * Ships what the scan found, and what has changed.
   *
   * @param pages how many the file has
   * @param at when the changes were all there were
   */
  void ship(Found found, ChangedPages changes, int pages, Instant at) throws IOException {
    changes.each(unlessShipped(found));
    boolean whole = found.next == 0;
    if (found.pages.size() > 0 || (isScanning() && whole)) {
      send(segment(whole, at, pages), found.pages);
      arrived(found.hashes);
    }
    scanned = found.next;
  }

  private Segment segment(boolean whole, Instant at, int pages) {
    long id = sent == null ? RANDOM.nextLong() : sent.id();
    return new Segment(new SegmentName(name, number + 1, id, whole), last, at, pages);
  }

  private void send(Segment segment, ChangedPages found) throws IOException {
    Path work = folder.resolve(name + ".segment");
    if (sent != null && !sent.equals(segment.name())) {
      storage.delete(sent.toString());
    }
    OwnerOnly.create(work);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(work))) {
      segment.write(out, found::each);
    }
    sent = segment.name();
    index.underWay(sent.id());
    storage.put(sent.toString(), work);
    Files.deleteIfExists(work);
  }

  private void arrived(Map<Integer, Long> hashes) throws IOException {
    SegmentName arrived = Objects.requireNonNull(sent);
    sent = null;
    number = arrived.number();
    last = arrived.id();
    complete |= arrived.whole();
    for (Map.Entry<Integer, Long> hash : hashes.entrySet()) {
      index.put(hash.getKey(), hash.getValue());
    }
    index.shipped(last);
  }

  private PageSink unlessShipped(Found found) {
    return (page, content) -> {
      long hash = PageIndex.hash(content);
      Long before = found.hashes.get(page);
      if (hash != (before == null ? index.of(page) : before)) {
        found.pages.page(page, content);
        found.hashes.put(page, hash);
      }
    };
  }

  @Override
  public void close() throws IOException {
    index.close();
  }

  /** Forgets it here; what the storage has of it stays. */
  void forget() throws IOException {
    close();
    Files.deleteIfExists(indexFile);
  }
}
