package dev.caravan.console;

import dev.caravan.log.LogNode;
import dev.caravan.log.Spool;
import dev.caravan.secrets.SecretStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the program at this moment.
 *
 * @param node what this process is called among others; empty where there can be none
 * @param accepted requests answered 202 since the start
 * @param refused requests refused since the start, for any reason
 * @param lag deliveries that wait for their first attempt, of all subscriptions
 * @param due deliveries that are to run again
 * @param deadLetters deliveries that were given up
 * @param onDisk bytes of the log
 * @param kept bytes it may grow to before payloads go early
 * @param free bytes left where it is
 * @param spool what waits on this machine's disk for a log that is elsewhere; null where nothing
 *     can
 * @param nodes that use the log together; empty where only one can
 * @param hooks by id, when each last sent a delivery; the longest silent first
 * @param certificates by port, when the certificate ends
 */
public record Overview(
    String node,
    long accepted,
    long refused,
    long lag,
    long due,
    long deadLetters,
    long onDisk,
    long kept,
    long free,
    Spool.@Nullable Waiting spool,
    List<LogNode> nodes,
    Map<String, Instant> hooks,
    List<SecretStatus> secrets,
    Map<String, Instant> certificates) {}
