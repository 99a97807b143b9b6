package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.faults.SystemCalls.Call;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Watches the system calls: killing a process proves nothing about flushing, since what a program
 * has written outlives it in the kernel's memory, and not a loss of power.
 */
class FlushBeforeAnswerTest {
  private static final String CALLS =
      "read,recvfrom,readv,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync";
  private static final String FLUSH_OF_LOG = "^(fsync|fdatasync)\\(\\d+<[^>]*log\\.db-wal>\\) += 0";
  private static final int ONE_BY_ONE = 50;
  private static final int LANES = 8;

  @TempDir Path directory;

  @Test
  void noDeliveryIsAnswered202BeforeTheLogIsFlushed() {
    Path trace = directory.resolve("trace.txt");
    Site site = new Site(directory).under(SystemCalls.record(trace, CALLS));
    int together;
    try (CaravanProcess caravan = site.startReady()) {
      Client client = new Client(caravan);
      for (int number = 1; number <= ONE_BY_ONE; number++) {
        assertThat(client.send(SignedPush.of(99, number)).statusCode()).isEqualTo(202);
      }
      together = sendTogether(caravan);
      caravan.stop();
    }

    List<Call> calls = SystemCalls.in(trace);
    List<Call> answers =
        calls.stream()
            .filter(call -> call.matches("^(write|writev|sendto|sendmsg)\\(.*HTTP/1.1 202 "))
            .toList();
    assertThat(answers).hasSizeGreaterThanOrEqualTo(ONE_BY_ONE + together);
    assertThat(answers.subList(0, ONE_BY_ONE))
        .allSatisfy(answer -> assertThat(writtenAndFlushed(calls, answer)).isTrue());
    assertThat(answers).allSatisfy(answer -> assertThat(flushed(calls, answer)).isTrue());
    assertThat(flushed(calls, site.data(), answers.get(0))).as("directory of the log").isTrue();
    assertThat(flushed(calls, directory, answers.get(0))).as("what holds that").isTrue();
  }

  private static int sendTogether(CaravanProcess caravan) {
    try (Load load = new Load(LANES)) {
      load.sendTo(caravan.hook());
      await().until(() -> load.accepted().size() >= 200);
      load.end();
      return load.accepted().size();
    }
  }

  /** A file is lost with a loss of power when the directory that names it was not flushed. */
  private static boolean flushed(List<Call> calls, Path directory, Call answer) {
    return calls.stream()
        .filter(call -> call.ended() < answer.began())
        .anyMatch(
            call -> call.matches("^fsync\\(\\d+<" + Pattern.quote(directory + ">") + "\\) += 0"));
  }

  /** Whether a flush of the log began after the request had come, and ended before its answer. */
  private static boolean flushed(List<Call> calls, Call answer) {
    int arrived = arrival(calls, answer);
    return calls.stream()
        .anyMatch(
            call ->
                call.began() > arrived
                    && call.ended() < answer.began()
                    && call.matches(FLUSH_OF_LOG));
  }

  /** The same when there was nothing else to do: what came was written, and then flushed. */
  private static boolean writtenAndFlushed(List<Call> calls, Call answer) {
    int arrived = arrival(calls, answer);
    int written =
        calls.stream()
            .filter(call -> call.began() > arrived && call.ended() < answer.began())
            .filter(call -> call.matches("^(write|pwrite64)\\(\\d+<[^>]*log\\.db-wal>"))
            .mapToInt(Call::ended)
            .max()
            .orElse(Integer.MAX_VALUE);
    return calls.stream()
        .anyMatch(
            call ->
                call.began() > written
                    && call.ended() < answer.began()
                    && call.matches(FLUSH_OF_LOG));
  }

  /** When the request of an answer had been read: the last one before it on the same socket. */
  private static int arrival(List<Call> calls, Call answer) {
    String socket = answer.text().replaceAll("^\\w+\\((\\d+<[^>]*>+).*", "$1");
    return calls.stream()
        .filter(call -> call.ended() < answer.began())
        .filter(
            call -> call.matches("^(read|recvfrom|readv)\\(" + Pattern.quote(socket) + ".*POST "))
        .mapToInt(Call::ended)
        .max()
        .orElse(Integer.MAX_VALUE);
  }
}
