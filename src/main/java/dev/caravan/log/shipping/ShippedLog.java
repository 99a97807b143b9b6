package dev.caravan.log.shipping;

import dev.caravan.log.pages.PageFile;
import dev.caravan.log.pages.PageSink;
import dev.caravan.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts the file of a log together from what was shipped of it. */
public final class ShippedLog {
  private final Storage storage;
  private final Consumer<String> report;

  /**
   * @param report told, in sentences, what cannot be used
   */
  public ShippedLog(Storage storage, Consumer<String> report) {
    this.storage = storage;
    this.report = report;
  }

  /**
   * Writes the newest whole file that exists.
   *
   * @return the moment that it shows
   * @throws IOException when there is none, or the storage cannot be read
   */
  public Instant writeTo(Path file) throws IOException {
    NavigableMap<String, List<SegmentName>> generations =
        SegmentName.byGeneration(storage.list(""));
    if (generations.isEmpty()) {
      throw new FileNotFoundException("nothing was shipped to " + storage);
    }
    boolean isNewest = true;
    for (List<SegmentName> generation : generations.descendingMap().values()) {
      List<SegmentName> usable = withoutGap(generation);
      while (!usable.isEmpty()) {
        Result result = write(usable, file);
        if (result.at() != null) {
          if (!isNewest) {
            report.accept(
                "The newest copy in %s is not whole; this is an older one.".formatted(storage));
          }
          return result.at();
        }
        usable = whole(usable.subList(0, result.applied()));
      }
      isNewest = false;
    }
    throw new IOException("no whole copy of a log is in " + storage);
  }

  /**
   * How far some segments could be applied.
   *
   * @param at the moment of the last, or null when not all could be applied
   */
  private record Result(int applied, @Nullable Instant at) {}

  private Result write(List<SegmentName> segments, Path file) throws IOException {
    try (PageFile target = new PageFile(file);
        FetchedSegments fetched = new FetchedSegments(storage, segments, file)) {
      long previous = 0;
      Segment last = null;
      for (int number = 0; number < segments.size(); number++) {
        SegmentName name = segments.get(number);
        Path there;
        try {
          there = fetched.next();
        } catch (FileNotFoundException e) {
          report.accept("%s/%s is not there any more.".formatted(storage, name));
          return new Result(number, null);
        } catch (IOException e) { // an older copy would be whole, but is not what was asked for
          throw new IOException(
              "%s/%s cannot be fetched (%s). Run it again; if that segment never comes, delete it, and what was shipped before it is restored"
                  .formatted(storage, name, CopyFailure.of(e)),
              e);
        }
        try {
          last = read(name, there, target);
        } catch (IOException e) {
          report.accept("%s/%s cannot be used: %s.".formatted(storage, name, e.getMessage()));
          return new Result(number, null);
        }
        if (last.previous() != previous) {
          report.accept("%s/%s does not follow the one before it.".formatted(storage, name));
          return new Result(number, null);
        }
        previous = name.id();
      }
      if (last == null) {
        return new Result(0, null);
      }
      target.finish(last.pages());
      return new Result(segments.size(), last.at());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Segment read(SegmentName name, Path fetched, PageSink target) throws IOException {
    try (InputStream content = Files.newInputStream(fetched)) {
      return Segment.read(name, content, (number, page) -> put(number, page, target));
    } finally {
      Files.deleteIfExists(fetched);
    }
  }

  /** Marks a failure to write: a full disk does not mean that the segment is damaged. */
  private static void put(int number, ByteBuffer page, PageSink target) {
    try {
      target.page(number, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<SegmentName> withoutGap(List<SegmentName> segments) {
    List<SegmentName> unbroken = new ArrayList<>();
    for (SegmentName each : segments) {
      if (each.number() != unbroken.size() + 1) {
        report.accept(
            "Segment %d of %s is missing in %s; what was shipped after it cannot be used."
                .formatted(unbroken.size() + 1, each.generation(), storage));
        break;
      }
      unbroken.add(each);
    }
    return whole(unbroken);
  }

  /** The segments up to the last one that makes a whole file. */
  private static List<SegmentName> whole(List<SegmentName> segments) {
    int end = segments.size();
    while (end > 0 && !segments.get(end - 1).whole()) {
      end--;
    }
    return List.copyOf(segments.subList(0, end));
  }
}
