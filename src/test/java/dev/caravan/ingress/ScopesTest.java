package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.SettingSources;
import dev.caravan.ingress.port.ConnectionTimeouts;
import dev.caravan.secrets.LiveSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a payload is, and which secret may sign it. {@code acme} is a secret of that scope. */
class ScopesTest {
  @TempDir private static Path folder;
  private static LiveSecrets secrets;
  private static HookServer server;

  @BeforeAll
  static void start() throws IOException {
    Path file = folder.resolve("application.properties");
    Files.writeString(
        file,
        """
        caravan.secrets.any = any
        caravan.secrets.acme = acme
        caravan.secrets.acme.scope = acme
        caravan.secrets.web = web
        caravan.secrets.web.scope = acme/web-*
        """);
    secrets =
        new LiveSecrets(
            () -> new SettingSources(Map.of()).read(file, Map.of()), null, folder.resolve("use"));
    server = new HookServer(Map.of(), ConnectionTimeouts.USUAL, secrets);
  }

  @AfterAll
  static void stop() {
    server.close();
    secrets.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'repository':[{'full_name':'evil/x'}]",
        "'repository':'evil/x'",
        "'repository':1",
        "'repository':true",
        "'repository':{}",
        "'repository':{'name':'x'}",
        "'repository':{'full_name':null}",
        "'repository':{'full_name':['evil/x']}",
        "'repository':{'full_name':{'a':'evil/x'}}",
        "'repository':{'full_name':7}",
        "'repository':{'full_name':'acme/x','full_name':[]}",
        "'repository':{'full_name':'acme/x'},'repository':[]",
        "'repository':{'full_name':'acme/x','owner':{'login':'evil'}}",
        "'repository':{'full_name':'acme/x','owner':{'login':['evil']}}",
        "'repository':{'full_name':'acme/x','owner':'evil'}",
        "'repository':{'full_name':'evil/x','owner':{'login':'acme'}}",
        "'repository':{'full_name':'evil/x'}",
        "'installation':{'id':1,'account':{'login':'evil'}}",
        "'installation':{'id':1,'account':[]}",
        "'account':{'login':'evil'}",
        "'sponsorship':{'sponsorable':{'login':'evil'}}",
      })
  void besideItsOwnOrganisationAScopedSecretSignsNothingOfAnotherOrOfOddShape(String what) {
    String payload = "{'organization':{'login':'acme'}," + what + "}";

    assertThat(status("acme", "something_new", payload)).isEqualTo(403);
    assertThat(status("any", "something_new", payload)).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'organization':'acme'",
        "'organization':['acme']",
        "'organization':{}",
        "'organization':{'login':null}",
        "'organization':{'login':['acme']}",
        "'organization':{'login':'evil'}",
        "'organization':null",
        "'sender':{'login':'acme'}",
        "'installation':{'id':1}",
        "'enterprise':{'slug':'acme'}",
        "'repositories':[{'full_name':'acme/x'}]",
      })
  void withoutItsOrganisationAScopedSecretSignsNothing(String what) {
    assertThat(status("acme", "something_new", "{" + what + "}")).isEqualTo(403);
    assertThat(status("any", "something_new", "{" + what + "}")).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'repository':{'full_name':'acme/../evil/x'}",
        "'repository':{'full_name':'acme/..'}",
        "'repository':{'full_name':'acme/.'}",
        "'repository':{'full_name':'../x'}",
        "'repository':{'full_name':'./x'}",
        "'repository':{'full_name':'acme'}",
        "'repository':{'full_name':'acme/'}",
        "'repository':{'full_name':'/x'}",
        "'repository':{'full_name':''}",
        "'repository':{'full_name':'acme//x'}",
        "'repository':{'full_name':'acme/x/y'}",
        "'repository':{'full_name':'acme/x?y'}",
        "'repository':{'full_name':'acme/x#y'}",
        "'repository':{'full_name':'acme/x%2f'}",
        "'repository':{'full_name':'acme/x y'}",
        "'repository':{'full_name':'acme/x\\\\y'}",
        "'repository':{'full_name':'acme/x\\u200b'}",
        "'repository':{'full_name':'ac.me/x'}",
        "'repository':{'full_name':'\\u0430cme/x'}",
        "'repository':{'full_name':'acme/x\\n'}",
        "'repository':{'full_name':'acme/LONG'}",
        "'repository':{'full_name':'acme/x','owner':{'login':'acme\\u200b'}}",
        "'organization':{'login':'acme/x'}",
        "'organization':{'login':'..'}",
        "'organization':{'login':''}",
        "'installation':{'account':{'login':'a b'}}",
      })
  void aNameThatGitHubDoesNotGiveIsRefusedWhoeverSignedIt(String what) {
    String payload = "{" + what.replace("LONG", "x".repeat(300)) + "}";

    assertThat(status("any", "something_new", payload)).isEqualTo(400);
    assertThat(status("acme", "something_new", payload)).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push | {'ref':'r','repository':{'full_name':'Acme/x','owner':{'login':'ACME'}}}",
        "push | {'ref':'r','repository':{'full_name':'acme/.x_y-z.','owner':{'name':'acme'}}}",
        "push | {'ref':'r','repository':{'full_name':'acme/x'},'organization':{'login':'Acme'}}",
        "installation | {'action':'created','installation':{'id':1,'account':{'login':'acme'}}}",
        "installation_repositories | {'installation':{'account':{'login':'acme'}},'repositories_added':[],'repositories_removed':[{'full_name':'acme/x'}]}",
        "installation_target | {'action':'renamed','account':{'login':'acme'},'changes':{'login':{'from':'old'}},'target_type':'x'}",
        "installation_target | {'action':'renamed','account':{'login':'new'},'changes':{'login':{'from':'acme'}},'target_type':'x'}",
        "organization | {'action':'renamed','organization':{'login':'acme'},'changes':{'login':{'from':'old'}}}",
        "organization | {'action':'renamed','organization':{'login':'new'},'changes':{'login':{'from':'Acme'}}}",
        "sponsorship | {'action':'created','sponsorship':{'sponsorable':{'login':'acme'},'sponsor':{'login':'x'}}}",
        "ping | {'zen':'x','hook_id':1,'hook':{'type':'App','id':1,'app_id':2}}",
        "github_app_authorization | {'action':'revoked','sender':{'login':'ada'}}",
      })
  void aScopedSecretSignsWhatIsItsOrganisations(String event, String payload) {
    assertThat(status("acme", event, payload)).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "something_new | {'action':'renamed','organization':{'login':'evil'},'changes':{'login':{'from':'acme'}}}",
        "organization | {'action':'deleted','organization':{'login':'evil'},'changes':{'login':{'from':'acme'}}}",
        "organization | {'action':'renamed','organization':{'login':'evil'},'changes':{'login':{'from':['acme']}}}",
        "installation_target | {'action':'renamed','account':{'login':'evil'},'repository':{'full_name':'evil/x'},'changes':{'login':{'from':'acme'}},'target_type':'x'}",
        "ping | {'zen':'x','organization':{'login':'evil'}}",
        "ping | {'zen':'x','repository':'evil/x'}",
        "push | {'ref':'r'}",
        "security_advisory | {'security_advisory':{}}",
      })
  void butNotWhatOnlyLooksLikeIt(String event, String payload) {
    assertThat(status("acme", event, payload)).isEqualTo(403);
  }

  @Test
  void aSecretOfSomeRepositoriesSignsForThoseAlone() {
    assertThat(status("web", "push", "{'ref':'r','repository':{'full_name':'acme/web-x'}}"))
        .isEqualTo(202);
    assertThat(status("web", "push", "{'ref':'r','repository':{'full_name':'acme/shop'}}"))
        .isEqualTo(403);
    assertThat(status("web", "organization", "{'organization':{'login':'acme'}}")).isEqualTo(403);
    assertThat(
            status(
                "web",
                "push",
                "{'ref':'r','repository':{'full_name':'acme/web-x','owner':{'login':'evil'}}}"))
        .isEqualTo(403);
  }

  private static int status(String secret, String event, String payload) {
    return Post.json(payload.replace('\'', '"'))
        .with("X-GitHub-Event", event)
        .signedWith(secret)
        .to(server)
        .statusCode();
  }
}
