package dev.caravan.log.sqlite;

import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.log.Delivery;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A delivery on its way into the log, made ready by the thread that brought it. */
final class Append implements Work {
  /** Sent by none: something other than GitHub, or through something that drops headers. */
  static final long NO_HOOK = -1;

  private static final Pattern HOOK_ID = Pattern.compile("[1-9]\\d{0,17}");

  /** More than enough to tell payloads apart, and half of what an index of them would take. */
  private static final int DIGEST_BYTES = 16;

  private final Delivery delivery;
  private final byte[] guid;
  private final long sentBy;
  private final Dedupe dedupe;
  private final byte @Nullable [] digest;
  private final int checksum;
  private final ContentCodec.Packed content;
  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private long position;

  /**
   * @param dictionary what its content is compressed with
   */
  Append(Delivery delivery, Dedupe dedupe, Dictionary dictionary) {
    byte[] payload = delivery.payload();
    this.delivery = delivery;
    this.guid = Guids.encode(delivery.guid());
    this.sentBy = hookOf(delivery);
    this.dedupe = dedupe;
    this.digest = dedupe == Dedupe.CONTENT ? digest(payload) : null;
    this.checksum = checksum(payload);
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

  /** The hook that sent it, or {@link #NO_HOOK}. */
  long sentBy() {
    return sentBy;
  }

  /** What is unique together with the GUID: the hook where that makes a difference, else 0. */
  long hook() {
    return dedupe == Dedupe.GUID_AND_HOOK ? sentBy : 0;
  }

  /** Of the payload, where the same one under another GUID is to be told; else null. */
  byte @Nullable [] digest() {
    return digest;
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

  /**
   * Without the event's name, which is not signed: whoever holds a captured delivery could send it
   * under another.
   */
  private static byte[] digest(byte[] payload) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(payload), DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static long hookOf(Delivery delivery) {
    String hook = delivery.headers().getOrDefault(GitHubHeaders.HOOK_ID, "");
    return HOOK_ID.matcher(hook).matches() ? Long.parseLong(hook) : NO_HOOK;
  }
}
