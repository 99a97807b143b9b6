package dev.caravan.log.reading;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.content.Dictionary;
import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from the log's own deliveries what they have in common: after the first two thousand, and
 * again whenever the log has grown tenfold, since the first are seldom typical.
 *
 * <p>It runs on a thread of its own, which ends when it is done.
 */
public final class DictionaryTraining implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.log");

  /** The length of a log when it learns for the first time. */
  public static final int FIRST_AFTER = 2_000;

  private static final int AGAIN_AFTER_TIMES = 10;

  /** The newest deliveries, from which samples are taken evenly. */
  private static final int LOOKED_AT = 20_000;

  private static final int SAMPLES = 1_000;
  private static final int LARGEST_SAMPLE = 16 * 1024;
  private static final int SAMPLE_BYTES = 8 << 20;
  private static final int DICTIONARY_BYTES = 110 * 1024;

  /** A dictionary is kept only if content takes less than this part of what it took before. */
  private static final double WORTH = 0.95;

  private static final int TRIED_ON = 100;

  private final Dictionaries dictionaries;
  private final Readers readers;
  private final Keeper keeper;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile long next;
  private volatile boolean closed;

  /** Writes a dictionary down. */
  @FunctionalInterface
  public interface Keeper {
    /**
     * Keeps a dictionary; returns when it is on disk.
     *
     * @param trainedTo the end of the log at that time
     * @return false when another process was first, and its dictionary is in use by now
     */
    boolean keep(int id, byte[] bytes, long trainedTo) throws SQLException;
  }

  /** The dictionaries must have been loaded. */
  public DictionaryTraining(Dictionaries dictionaries, Readers readers, Keeper keeper) {
    this.keeper = keeper;
    this.dictionaries = dictionaries;
    this.readers = readers;
    this.next = Math.max(FIRST_AFTER, AGAIN_AFTER_TIMES * dictionaries.trainedTo());
  }

  /** Called after appending: the log has grown to this end. */
  public void committed(long end) {
    if (end > next && !closed && running.compareAndSet(false, true)) {
      next = AGAIN_AFTER_TIMES * end;
      Thread thread = new Thread(() -> train(end), "delivery-log-dictionary");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Gives up learning: the log is about to be closed. */
  @Override
  public void close() {
    closed = true;
  }

  private void train(long end) {
    try {
      List<byte[]> samples = samples(end);
      if (closed) {
        return;
      }
      byte[] bytes = train(samples);
      int id = dictionaries.newest().id() + 1;
      Dictionary dictionary = Dictionary.of(id, bytes);
      double better = size(samples, dictionary) / size(samples, dictionaries.newest());
      if (better < WORTH && keeper.keep(id, bytes, end)) {
        dictionaries.use(dictionary, end);
        LOG.info(
            "Deliveries take {} % of the space from now on: a dictionary of what they have in common was made.",
            Math.round(better * 100));
      }
    } catch (ZstdException | SQLException | LogUnavailableException e) {
      if (!closed) {
        LOG.info("No dictionary could be made from the deliveries so far: {}", ErrorSentence.of(e));
      }
    } finally {
      running.set(false);
    }
  }

  private List<byte[]> samples(long end) throws SQLException {
    List<byte[]> samples = new ArrayList<>();
    long step = Math.max(1, Math.min(end, LOOKED_AT) / SAMPLES);
    int bytes = 0;
    for (long position = end - 1;
        position > 0 && samples.size() < SAMPLES && !closed;
        position -= step) {
      long at = position;
      byte[] plain = readers.read(reader -> reader.content(at));
      if (plain != null) {
        byte[] sample = Arrays.copyOf(plain, Math.min(plain.length, LARGEST_SAMPLE));
        bytes += sample.length;
        if (bytes > SAMPLE_BYTES) {
          break;
        }
        samples.add(sample);
      }
    }
    return samples;
  }

  private static byte[] train(List<byte[]> samples) {
    ZstdDictTrainer trainer = new ZstdDictTrainer(SAMPLE_BYTES, DICTIONARY_BYTES);
    samples.forEach(trainer::addSample);
    return trainer.trainSamples();
  }

  private static double size(List<byte[]> samples, Dictionary dictionary) {
    return samples.stream()
        .limit(TRIED_ON)
        .mapToInt(sample -> dictionary.compress(sample).length)
        .sum();
  }
}
