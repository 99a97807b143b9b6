package dev.caravan.log.sqlite;

import dev.caravan.log.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/** A delivery on its way into the log, made ready by the thread that brought it. */
final class Append implements Work {
  private static final String HOOK = "X-GitHub-Hook-ID";

  private final Delivery delivery;
  private final byte[] guid;
  private final long hook;
  private final int checksum;
  private final ContentCodec.Packed content;
  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private long position;

  /**
   * @param perHook whether the same GUID from another hook is another delivery
   * @param dictionary what its content is compressed with
   */
  Append(Delivery delivery, boolean perHook, Dictionary dictionary) {
    this.delivery = delivery;
    this.guid = Guids.encode(delivery.guid());
    this.hook = perHook ? hookOf(delivery) : 0;
    this.checksum = checksum(delivery.payload());
    this.content = ContentCodec.pack(delivery.headers(), delivery.body(), dictionary);
  }

  @Override
  public long since() {
    return since;
  }

  @Override
  public void write(Writer writer) throws SQLException {
    position = writer.append(this);
  }

  @Override
  public void committed() {
    receipt.complete(new Receipt(delivery.guid(), Long.toString(position)));
  }

  @Override
  public void failed(LogUnavailableException cause) {
    receipt.completeExceptionally(cause);
  }

  Delivery delivery() {
    return delivery;
  }

  /** The GUID as it is stored. */
  byte[] guid() {
    return guid;
  }

  /** The hook, where it makes a difference, else 0. */
  long hook() {
    return hook;
  }

  /** Of the decoded payload: tells a repeat from a GUID used for something else. */
  int checksum() {
    return checksum;
  }

  ContentCodec.Packed content() {
    return content;
  }

  CompletableFuture<Receipt> receipt() {
    return receipt;
  }

  /** What a stored payload can be held to. */
  static int checksum(byte[] payload) {
    CRC32C checksum = new CRC32C();
    checksum.update(payload);
    return (int) checksum.getValue();
  }

  private static long hookOf(Delivery delivery) {
    String hook = delivery.headers().getOrDefault(HOOK, "");
    return hook.matches("\\d{1,18}") ? Long.parseLong(hook) : hook.hashCode();
  }
}
