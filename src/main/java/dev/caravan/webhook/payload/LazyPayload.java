package dev.caravan.webhook.payload;

import dev.caravan.delivery.Delivery;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A payload as the body of a route's message: each route has its own Map, which is read from the
 * JSON when the route first looks into it. A route that decides by headers alone never pays for
 * that.
 *
 * <p>Like any map in a message it is for one thread at a time; only the reading itself may happen
 * on several. Looking into it throws an {@link IllegalArgumentException} when the payload is not a
 * JSON object, which a delivery from the ingress always is.
 */
public final class LazyPayload extends AbstractMap<String, Object>
    implements JsonBody, Serializable {
  @Serial private static final long serialVersionUID = 1;

  private transient @Nullable Delivery unread;
  private transient volatile @Nullable Map<String, Object> read;

  public LazyPayload(Delivery delivery) {
    this.unread = delivery;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return read().entrySet();
  }

  @Override
  public Set<String> keySet() {
    return read().keySet();
  }

  @Override
  public Collection<Object> values() {
    return read().values();
  }

  @Override
  public int size() {
    return read().size();
  }

  @Override
  public boolean containsKey(Object key) {
    return read().containsKey(key);
  }

  @Override
  public @Nullable Object get(Object key) {
    return read().get(key);
  }

  @Override
  public @Nullable Object put(String key, Object value) {
    return read().put(key, value);
  }

  @Override
  public @Nullable Object remove(Object key) {
    return read().remove(key);
  }

  @Override
  public void clear() {
    read().clear();
  }

  /** A copy of GitHub's own bytes as long as the route has not looked into it. */
  @Override
  public synchronized byte[] toJson() {
    if (unread == null) {
      return PayloadJsonWriter.write(read());
    }
    byte[] payload = unread.payload();
    return payload == unread.body() ? payload.clone() : payload; // that of a form is new each time
  }

  private Map<String, Object> read() {
    Map<String, Object> known = read;
    return known != null ? known : readNow();
  }

  private synchronized Map<String, Object> readNow() {
    Map<String, Object> known = read;
    if (known == null && unread != null) {
      known = PayloadReader.read(unread.payload());
      read = known;
      unread = null; // the bytes are not needed any more
    }
    return known == null ? Map.of() : known;
  }

  /** Deserialized, it is a plain map. */
  @Serial
  private Object writeReplace() {
    return new LinkedHashMap<>(read());
  }
}
