package dev.caravan.webhook;

import dev.caravan.log.DeliveryLog;
import dev.caravan.webhook.cloudevents.RecentCloudEvents;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * The options of a component that receives by itself, as in any Camel program but Caravan, which
 * has a log already. An option that is not set has the default of Caravan's setting.
 */
public abstract class ReceivingComponent extends DefaultComponent {
  @Metadata(
      label = "security",
      secret = true,
      description =
          "The secret that signs deliveries (one under 16 characters causes a warning); several, separated by commas,"
              + " while one replaces another. Without any, one is generated into the data"
              + " directory, and the log says where.")
  private @Nullable String secret;

  @Metadata(
      label = "security",
      description =
          "The file that the secret is in, instead of secret. A change takes effect without a restart.")
  private @Nullable String secretFile;

  @Metadata(
      defaultValue = "own",
      enums = "own,application",
      description =
          "Where deliveries arrive: own, a port of the component's own, or application, the HTTP"
              + " server that the application has for platform-http, which accepts only hooks with the content type application/json.")
  private @Nullable String server;

  @Metadata(
      defaultValue = "8000",
      javaType = "int",
      description = "The port that GitHub posts to, with server=own. 0 takes a free one.")
  private @Nullable Integer port;

  @Metadata(defaultValue = "0.0.0.0", description = "The address to listen on, with server=own.")
  private @Nullable String host;

  @Metadata(
      defaultValue = "/hooks/handle_github",
      description = "The path that GitHub posts to, with and without a trailing slash.")
  private @Nullable String path;

  @Metadata(
      defaultValue = "caravan-data",
      description =
          "The directory of the delivery log, and of a generated secret. One program at a time can"
              + " use it.")
  private @Nullable String dataDirectory;

  @Metadata(
      defaultValue = "25MiB",
      description = "The largest payload. A larger one is answered 413.")
  private @Nullable String maxPayload;

  @Metadata(
      defaultValue = "7d",
      description = "How long payloads are kept, for retries and for routes that were away.")
  private @Nullable String retentionAge;

  @Metadata(
      defaultValue = "10GiB",
      description =
          "How many bytes the delivery log may grow to; beyond that the oldest payloads are deleted before their age.")
  private @Nullable String retentionSize;

  @Metadata(
      label = "security",
      description =
          "Networks that may post, such as 10.0.0.0/8, separated by commas, with server=own; the"
              + " word github stands for those of GitHub. By default everyone may, and needs the"
              + " secret.")
  private @Nullable String allow;

  @Metadata(
      label = "security",
      description =
          "The PEM file of the certificate, for TLS with server=own. A change takes effect without a restart.")
  private @Nullable String tlsCertificate;

  @Metadata(label = "security", description = "The PEM file of the certificate's key.")
  private @Nullable String tlsKey;

  /**
   * The log that is read.
   *
   * @throws Exception with a sentence that says what to do when there is none
   */
  abstract DeliveryLog log() throws Exception;

  /** A route reads the log, or will once the context has started. */
  abstract void isRead() throws Exception;

  /** The CloudEvents attributes of the newest deliveries, shared by all routes. */
  abstract RecentCloudEvents cloudEvents();

  /**
   * Reserves a subscription's name for a route until {@link #release}.
   *
   * @throws IllegalStateException when another route has that name
   */
  abstract void claim(String subscription, String routeId);

  /** Frees a name, if that route holds it. */
  abstract void release(String subscription, String routeId);

  /** The options that are set, by their names in Camel's properties. */
  Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    put(options, "secret", secret);
    put(options, "secret-file", secretFile);
    put(options, "server", server);
    put(options, "port", port);
    put(options, "host", host);
    put(options, "path", path);
    put(options, "data-directory", dataDirectory);
    put(options, "max-payload", maxPayload);
    put(options, "retention-age", retentionAge);
    put(options, "retention-size", retentionSize);
    put(options, "allow", allow);
    put(options, "tls-certificate", tlsCertificate);
    put(options, "tls-key", tlsKey);
    return options;
  }

  private static void put(Map<String, String> options, String name, @Nullable Object value) {
    if (value != null) {
      options.put(name, value.toString());
    }
  }

  public @Nullable String getSecret() {
    return secret;
  }

  public void setSecret(@Nullable String secret) {
    this.secret = secret;
  }

  public @Nullable String getSecretFile() {
    return secretFile;
  }

  public void setSecretFile(@Nullable String secretFile) {
    this.secretFile = secretFile;
  }

  public @Nullable String getServer() {
    return server;
  }

  public void setServer(@Nullable String server) {
    this.server = server;
  }

  public @Nullable Integer getPort() {
    return port;
  }

  public void setPort(@Nullable Integer port) {
    this.port = port;
  }

  public @Nullable String getHost() {
    return host;
  }

  public void setHost(@Nullable String host) {
    this.host = host;
  }

  public @Nullable String getPath() {
    return path;
  }

  public void setPath(@Nullable String path) {
    this.path = path;
  }

  public @Nullable String getDataDirectory() {
    return dataDirectory;
  }

  public void setDataDirectory(@Nullable String dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  public @Nullable String getMaxPayload() {
    return maxPayload;
  }

  public void setMaxPayload(@Nullable String maxPayload) {
    this.maxPayload = maxPayload;
  }

  public @Nullable String getRetentionAge() {
    return retentionAge;
  }

  public void setRetentionAge(@Nullable String retentionAge) {
    this.retentionAge = retentionAge;
  }

  public @Nullable String getRetentionSize() {
    return retentionSize;
  }

  public void setRetentionSize(@Nullable String retentionSize) {
    this.retentionSize = retentionSize;
  }

  public @Nullable String getAllow() {
    return allow;
  }

  public void setAllow(@Nullable String allow) {
    this.allow = allow;
  }

  public @Nullable String getTlsCertificate() {
    return tlsCertificate;
  }

  public void setTlsCertificate(@Nullable String tlsCertificate) {
    this.tlsCertificate = tlsCertificate;
  }

  public @Nullable String getTlsKey() {
    return tlsKey;
  }

  public void setTlsKey(@Nullable String tlsKey) {
    this.tlsKey = tlsKey;
  }
}
