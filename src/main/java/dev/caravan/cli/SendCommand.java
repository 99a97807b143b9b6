package dev.caravan.cli;

import dev.caravan.config.Settings;
import dev.caravan.github.hooks.HookAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signs an event as GitHub would and posts it to the running server. */
@Command(
    name = "send",
    description = {
      "Signs an event as GitHub would, posts it to the running server and shows the answer.",
      "Without EVENT it lists the samples."
    })
final class SendCommand implements Callable<Integer> {
  private static final int ACCEPTED = 202;
  private static final int FORBIDDEN = 403;
  private static final String TOOK_BAD_SIGNATURE =
      """
      The server accepted a delivery signed with a made-up secret, which Caravan never \
      does. Check that it is Caravan that answers at this address.""";
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]+");

  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings;

  @Parameters(
      arity = "0..1",
      paramLabel = "EVENT",
      description = "Name of the event, such as push. Any name with --file.")
  private @Nullable String event;

  @Option(
      names = "--file",
      paramLabel = "PAYLOAD",
      description = "A file to send, byte for byte, instead of the sample.")
  private @Nullable String file;

  @Option(names = "--form", description = "Send a form, GitHub's other content type.")
  private boolean form;

  @Option(
      names = "--url",
      description = "Where to post. Default: http://localhost, with the port and path configured.")
  private @Nullable String url;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "Send N deliveries, eight at a time, and show totals.")
  private int count;

  @Option(
      names = "--delivery",
      paramLabel = "GUID",
      description = "X-GitHub-Delivery, as when GitHub redelivers. Default: a fresh one for each.")
  private @Nullable String delivery;

  @Option(
      names = "--bad-signature",
      description = "Sign with a made-up secret. Succeeds when the server refuses it with 403.")
  private boolean badSignature;

  @Override
  public Integer call() throws InterruptedException {
    if (event == null || (file == null && !SampleEvents.names().contains(event))) {
      return listSamples();
    }
    check();
    Settings inForce = settings.read();
    URI target = url == null ? HookAddress.configured(inForce) : HookAddress.parse(url);
    byte[] payload = file == null ? SampleEvents.payload(event) : readFile(file);
    SigningSecret secret =
        badSignature ? SigningSecret.wrong() : settings.secret(inForce, event, payload);
    WebhookRequest request =
        form
            ? WebhookRequest.form(target, event, payload, secret)
            : WebhookRequest.json(target, event, payload, secret);
    AnswerAdvice advice = new AnswerAdvice(target, secret);
    HookClient client = new HookClient(settings.trust(inForce, "caravan.tls.certificate"));
    return count == 1
        ? sendOne(client, request, payload, advice)
        : sendMany(client, request, payload, advice);
  }

  private int sendOne(
      HookClient client, WebhookRequest request, byte[] payload, AnswerAdvice advice)
      throws InterruptedException {
    String guid = nextDelivery();
    HookResponse answer = client.post(request, guid);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s, %d bytes, as delivery %s to %s%n", event, payload.length, guid, request.target());
    out.printf("%s (%d ms)%n", answer.summary(), answer.time().toMillis());
    return judge(List.of(answer), advice);
  }

  private int sendMany(
      HookClient client, WebhookRequest request, byte[] payload, AnswerAdvice advice)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s, %d bytes, %d times to %s%n", event, payload.length, count, request.target());
    out.flush();
    AnswerTally tally = client.post(request, this::nextDelivery, count);
    tally.lines().forEach(out::println);
    return judge(tally.kinds(), advice);
  }

  private int judge(List<HookResponse> answers, AnswerAdvice advice) {
    int wanted = badSignature ? FORBIDDEN : ACCEPTED;
    int code = ExitCode.OK;
    for (HookResponse answer : answers) {
      if (answer.status() != wanted) {
        code = ExitCode.SOFTWARE;
        boolean tookBadSignature = badSignature && answer.status() / 100 == 2;
        spec.commandLine()
            .getErr()
            .println(tookBadSignature ? TOOK_BAD_SIGNATURE : advice.on(answer));
      }
    }
    return code;
  }

  private String nextDelivery() {
    return delivery == null ? UUID.randomUUID().toString() : delivery;
  }

  private void check() {
    if (count < 1) {
      throw wrong("--count is %d; it must be at least 1.".formatted(count));
    }
    for (String value : new String[] {event, delivery}) {
      if (value != null && !HEADER_VALUE.matcher(value).matches()) {
        throw wrong(
            "'%s' cannot be sent in a header: only printable ASCII without spaces can."
                .formatted(value));
      }
    }
  }

  private byte[] readFile(String name) {
    try {
      return Files.readAllBytes(settings.resolve(name));
    } catch (NoSuchFileException e) {
      throw wrong("--file " + name + ": there is no such file.");
    } catch (IOException e) {
      throw wrong("--file %s cannot be read: %s.".formatted(name, e.getClass().getSimpleName()));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int listSamples() {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        event == null
            ? "Which event? There are samples of:"
            : "There is no sample of '%s'. Give its payload with --file, or send one of:"
                .formatted(event));
    SampleEvents.names().forEach(name -> err.println("  " + name));
    return ExitCode.USAGE;
  }
}
