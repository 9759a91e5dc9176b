package dev.serai.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the hunt could find. */
class NeedlesTest {
    private static final String SECRET = "Kq7Zp2xWv{{env:HOME}}\\'\"Vt9Lm4RbN";

    private final Needles needles = new Needles(Map.of("password", SECRET));

    static Stream<byte[]> traces() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                bytes,
                ("x" + SECRET.substring(0, 6) + "y").getBytes(StandardCharsets.UTF_8),
                SECRET.substring(SECRET.length() - 6).getBytes(StandardCharsets.UTF_8),
                ("a:" + Base64.getEncoder().encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8)))
                        .getBytes(),
                Base64.getEncoder().encode(("u:" + SECRET).getBytes(StandardCharsets.UTF_8)),
                Base64.getUrlEncoder().encode(("us:" + SECRET).getBytes(StandardCharsets.UTF_8)),
                HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().withUpperCase().formatHex(bytes).getBytes(StandardCharsets.US_ASCII),
                new StringBuilder(SECRET).reverse().toString().getBytes(StandardCharsets.UTF_8),
                SECRET.getBytes(StandardCharsets.UTF_16LE),
                SECRET.getBytes(StandardCharsets.UTF_16BE),
                java.net.URLEncoder.encode(SECRET, StandardCharsets.UTF_8).getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("traces")
    void aTraceIsFound(byte[] trace) {
        assertThat(needles.in(trace)).isNotEmpty().allMatch(found -> found.startsWith("password "));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {"", "Kq7Zp", "{{env:HOME}}", "kq7zp2xwv", "something else"})
    void nothingElseIs(String text) {
        assertThat(needles.in(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
