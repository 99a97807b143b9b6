package dev.caravan.log.tables;

import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.log.Dedupe;
import dev.caravan.log.content.ContentCodec;
import dev.caravan.log.content.Dictionary;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A delivery in the form in which it will be stored, prepared by the thread that brought it. */
public final class NewDelivery {
  /** No hook: sent by something other than GitHub, or through a proxy that drops headers. */
  public static final long NO_HOOK = -1;

  private static final Pattern HOOK_ID = Pattern.compile("[1-9]\\d{0,17}");

  /** Half a SHA-256: more than enough to tell payloads apart, in half the space. */
  private static final int DIGEST_BYTES = 16;

  private final Delivery delivery;
  private final byte[] guid;
  private final long sentBy;
  private final Dedupe dedupe;
  private final byte @Nullable [] digest;
  private final int checksum;
  private final ContentCodec.Packed content;

  /**
   * @param dictionary compresses its content
   */
  public NewDelivery(Delivery delivery, Dedupe dedupe, Dictionary dictionary) {
    byte[] payload = delivery.payload();
    this.delivery = delivery;
    this.guid = Guids.encode(delivery.guid());
    this.sentBy = hookOf(delivery);
    this.dedupe = dedupe;
    this.digest = dedupe == Dedupe.CONTENT ? digest(payload) : null;
    this.checksum = ContentCodec.checksum(payload);
    this.content = ContentCodec.pack(delivery.headers(), delivery.body(), dictionary);
  }

  public Delivery delivery() {
    return delivery;
  }

  /** The GUID as it is stored. */
  public byte[] guid() {
    return guid;
  }

  /** The hook that sent it, or {@link #NO_HOOK}. */
  public long sentBy() {
    return sentBy;
  }

  /** Part of the key beside the GUID: the hook with {@link Dedupe#GUID_AND_HOOK}, else 0. */
  public long hook() {
    return dedupe == Dedupe.GUID_AND_HOOK ? sentBy : 0;
  }

  /** A digest of the payload with {@link Dedupe#CONTENT}, else null. */
  public byte @Nullable [] digest() {
    return digest;
  }

  /** The checksum of the decoded payload: tells a repeat from a GUID used for something else. */
  public int checksum() {
    return checksum;
  }

  /** Headers and body, compressed. */
  public ContentCodec.Packed content() {
    return content;
  }

  /**
   * Leaves out the event's name, which is not signed: with it, a captured delivery could be sent
   * again under another event.
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
