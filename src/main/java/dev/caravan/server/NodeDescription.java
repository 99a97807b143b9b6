package dev.caravan.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.config.Settings;
import dev.caravan.log.LogEngine;
import dev.caravan.log.LogNode;
import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Spool;
import dev.caravan.receiver.SharedSettings;
import dev.caravan.routes.RouteFiles;
import dev.caravan.secrets.LiveSecrets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the other nodes of a shared log, at intervals, what this one runs. */
final class NodeDescription implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeDescription.class);
  private static final long INTERVAL_MILLIS = 2000;
  private static final byte[] ABOUT = "caravan: are these the same secrets?".getBytes(UTF_8);
  private static final int BYTES_OF_ROUTES = 5;
  private static final int BYTES_OF_SETTINGS = 2;

  /** Sixteen bits of the secrets' checksum, too few to find a secret. */
  private static final int BYTES_OF_SECRETS = 2;

  private final LogEngine log;
  private final String version;
  private final String settings;
  private final RouteFiles routes;
  private final LiveSecrets secrets;
  private final Supplier<String> trouble;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "node-description");
            thread.setDaemon(true);
            return thread;
          });

  private NodeDescription(
      LogEngine log,
      String version,
      Settings settings,
      RouteFiles routes,
      LiveSecrets secrets,
      Supplier<String> trouble) {
    this.log = log;
    this.version = version;
    this.settings = checksum(settings);
    this.routes = routes;
    this.secrets = secrets;
    this.trouble = trouble;
  }

  /** Begins to tell them. */
  static NodeDescription start(
      LogEngine log,
      String version,
      Settings settings,
      RouteFiles routes,
      LiveSecrets secrets,
      Supplier<String> trouble) {
    NodeDescription description =
        new NodeDescription(log, version, settings, routes, secrets, trouble);
    Future<?> unused =
        description.thread.scheduleWithFixedDelay(
            description::say, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    return description;
  }

  private void say() {
    try {
      log.describe(
          Map.of(
              LogNode.VERSION,
              version,
              LogNode.ROUTES,
              checksum(routes),
              LogNode.SECRETS,
              checksum(macs(secrets), BYTES_OF_SECRETS),
              LogNode.SETTINGS,
              settings,
              LogNode.TROUBLE,
              trouble.get(),
              LogNode.SPOOLED,
              spooled()));
    } catch (LogUnavailableException e) {
      LOG.debug("The other nodes are told later", e); // appending reports the trouble
    } catch (RuntimeException | Error e) { // an exception would end the schedule
      LOG.error("The other nodes could not be told about this one.", e);
    }
  }

  private String spooled() {
    Spool.Waiting spool = log.figures().spool();
    return spool == null || spool.deliveries() == 0 ? "" : Long.toString(spool.deliveries());
  }

  /** The checksum of the running route files, and of what they use from shared ones. */
  static String checksum(RouteFiles routes) {
    return checksum(
        Stream.of(routes.texts(), routes.sharedTexts()) // both have the same names
            .flatMap(texts -> new TreeMap<>(texts).entrySet().stream())
            .map(file -> (file.getKey() + "\n" + file.getValue()).getBytes(UTF_8))
            .toList(),
        BYTES_OF_ROUTES);
  }

  /** The checksum of the settings that all nodes must share. */
  static String checksum(Settings settings) {
    return checksum(
        SharedSettings.of(settings).stream().map(each -> each.getBytes(UTF_8)).toList(),
        BYTES_OF_SETTINGS);
  }

  private static List<byte[]> macs(LiveSecrets secrets) {
    return secrets.inForce().valid().stream()
        .map(each -> HexFormat.of().formatHex(each.secret().hmacSha256(ABOUT)))
        .sorted()
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }

  private static String checksum(List<byte[]> parts, int bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      parts.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest(), 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
