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
 * A copy of the whole file in a storage and what has changed since, as numbered segments. They make
 * a whole file only once its scan of the file is over. For one thread.
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

  /** A segment that was sent and may not have arrived. */
  private @Nullable SegmentName sent;

  /** The next page of the file to scan; 0 at the end. */
  private int scanned = 1;

  private Generation(Storage storage, String name, Path folder) throws IOException {
    this.storage = storage;
    this.name = name;
    this.folder = folder;
    this.indexFile = folder.resolve(name + ".index");
    this.index = new PageIndex(indexFile);
  }

  /** Begins an empty generation; its name is the newest, even if the clock was set back. */
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
   * Continues one that an earlier run began, or returns null when the storage does not have exactly
   * what that run put there.
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

  /** Whether what has arrived makes a whole file. */
  boolean isComplete() {
    return complete;
  }

  /** Whether the file is still being scanned. */
  boolean isScanning() {
    return scanned != 0;
  }

  /** Scans the file again for what was not shipped. */
  void scanAgain() {
    scanned = 1;
  }

  /** Skips the scan: the file is as it was when the last segment was made. */
  void skipScan() {
    scanned = 0;
  }

  /**
   * Scans some of the file. Must come before taking the changes that are shipped with it: the pages
   * it finds may be newer than changes that were taken before.
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

  /** Scanned pages that must be shipped. */
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
   * @param at the moment up to which the changes are complete
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

  /** Forgets it on this machine; what the storage has of it stays. */
  void forget() throws IOException {
    close();
    Files.deleteIfExists(indexFile);
  }
}
