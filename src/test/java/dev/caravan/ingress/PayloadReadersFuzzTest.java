package dev.caravan.ingress;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Looks for bodies that one reader takes and another does not, or not for the same: {@code
 * JAZZER_FUZZ=1 ./mvnw test -Pfuzz}. What it finds it adds to its inputs among the test resources,
 * which {@link PayloadReadersTest} reads in every build, and without Jazzer's agent.
 */
class PayloadReadersFuzzTest {
  @DictionaryEntries({
    "\"action\":",
    "\"ref\":",
    "\"ref_type\":",
    "\"number\":",
    "\"issue\":{",
    "\"pull_request\":{",
    "\"sender\":{",
    "\"login\":",
    "\"repository\":{",
    "\"full_name\":",
    "\"owner\":{",
    "\"organization\":{",
    "\"installation\":{",
    "\"id\":",
    "\"account\":{",
    "\"commits\":[",
    "payload=%7b",
    "%7d",
    "\\u0061",
    "\\ud800",
    "\\udc00",
    "null",
    "true",
    "1e",
    "-0",
    "{}",
    "[]"
  })
  @FuzzTest(maxDuration = "5m")
  void theReadersAgree(byte[] body) {
    ReadersAgree.on(body);
  }
}
