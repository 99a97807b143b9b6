package dev.caravan.webhook.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.TypeConverterSupport;
import org.jspecify.annotations.Nullable;

/** Converts a payload into its JSON when its bytes or its text are asked for. */
final class JsonBodyConverter extends TypeConverterSupport {
  private static final List<Class<? extends JsonBody>> FROM =
      List.of(LazyPayload.class, PayloadObject.class, PayloadArray.class);

  private static final Map<Class<?>, Function<byte[], Object>> TO =
      Map.of(
          byte[].class, json -> json,
          ByteBuffer.class, ByteBuffer::wrap,
          InputStream.class, ByteArrayInputStream::new,
          String.class, json -> new String(json, UTF_8),
          Reader.class, json -> new StringReader(new String(json, UTF_8)));

  /** Registered for each pair of types: for supertypes, Camel would prefer its own converters. */
  static void addTo(TypeConverterRegistry registry) {
    JsonBodyConverter converter = new JsonBodyConverter();
    FROM.forEach(from -> TO.keySet().forEach(to -> registry.addTypeConverter(to, from, converter)));
  }

  @Override
  public <T> @Nullable T convertTo(Class<T> type, @Nullable Exchange exchange, Object value) {
    Function<byte[], Object> conversion = TO.get(type);
    return conversion == null || !(value instanceof JsonBody body)
        ? null
        : type.cast(conversion.apply(body.toJson()));
  }
}
