package dev.serai.connector;

import java.net.InetAddress;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.testing.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EgressPolicyTest {
    private final EgressPolicy open = policy("allow");
    private final EgressPolicy closed = policy("deny");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.169.254.",
                " 169.254.169.254 ",
                "169.254.0.1",
                "169.254.43518",
                "169.16689662",
                "2852039166",
                "02852039166",
                "0xA9FEA9FE",
                "0xa9.0xfe.0xa9.0xfe",
                "0251.0376.0251.0376",
                "0251.254.169.0xfe",
                "0169.0254.0169.0254",
                "0000169.254.169.254",
                "025177524776",
                "\uff11\uff16\uff19.254.169.254",
                "\u2460\u2465\u2468.254.169.254",
                "169\u3002254\u3002169\u3002254",
                "169\uff0e254\uff0e169\uff0e254",
                "::ffff:169.254.169.254",
                "[::ffff:169.254.169.254]",
                "::ffff:a9fe:a9fe",
                "0:0:0:0:0:ffff:a9fe:a9fe",
                "::169.254.169.254",
                "::ffff:0:169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "2001:0:4136:e378:8000:63bf:5601:5601",
                "fe80::1",
                "[fe80::1%25eth0]",
                "fe80::1%eth0",
                "febf:ffff::1",
                "fd00:ec2::254",
                "[FD00:EC2:0:0:0:0:0:254]",
                "fd20:ce::254",
                "100.100.100.200",
                "1684301000",
                "192.0.0.192",
                "168.63.129.16",
                "0.0.0.0",
                "0",
                "0x0",
                "0x",
                "0.1.2.3",
                "::",
                "[::]",
                "0:0:0:0:0:0:0:0",
                "224.0.0.1",
                "239.255.255.250",
                "ff02::1",
                "255.255.255.255",
                "240.0.0.1",
                "4294967295",
                "\u0661\u0666\u0669.254.169.254",
                "\u09676\u096f.254.169.254",
                "\ud835\udfcf\ud835\udfd4\ud835\udfd7.254.169.254",
                "169\uff61254\uff61169\uff61254",
                "169.254.169.2\u00ad54",
                "169.254.169.2\u200b54",
                "169.254.169.254\ufe0f",
                "fd00:ec2::23",
                "fd00:ec2::123",
                "fd00:c1::a9fe:a9fe",
                "fd00:42::42",
                "64:ff9b:1:a9fe:a9:fe00::",
                "64:ff9b:1:a9:fe:a9fe::",
                "64:ff9b:1:0:a9:fea9:fe00:0",
                "2001:db8::5efe:a9fe:a9fe",
                "2001:db8::200:5efe:169.254.169.254",
                "metadata.google.internal",
                "Metadata.Google.Internal.",
                "metadata.goog",
            })
    void neverAllows(String host) {
        assertThat(open.literalDenial(host)).isPresent();
        assertThat(closed.literalDenial(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "0177.1",
                "0x7f000001",
                "2130706433",
                "::1",
                "[::1]",
                "::ffff:127.0.0.1",
                "10.1.2.3",
                "012.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "3232235521",
                "100.64.0.1",
                "fc00::1",
                "fdff::1",
                "fec0::1",
                "2002:7f00:1::",
                "64:ff9b::10.0.0.1",
                "2001:db8::5efe:10.0.0.1",
                "\u0661\u0660.1.2.3",
            })
    void allowsPrivateAndLoopbackUnlessToldNot(String host) {
        assertThat(open.literalDenial(host)).isEmpty();
        assertThat(closed.literalDenial(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.32.0.1",
                "169.253.255.255",
                "2606:4700::1111",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "example.org",
                "db.internal",
                "169.254.169.254.example.org",
                "1.2.3.4.5",
                "0x64646464c8",
                "256.1.1.1",
                "169..254",
                "",
                "0xzz",
                "fe80",
                "a:b",
                "metadata.google.internal.example.org",
                "64:ff9b:1:808:8:800::",
                "2001:db8::5efe:8.8.8.8",
            })
    void allowsPublicAddressesAndSaysNothingOfNames(String host) {
        assertThat(closed.literalDenial(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost..",
                "db.localhost",
                "localhost.localdomain.",
                "ip6-localhost",
                "IP6-loopback",
            })
    void namesOfAMachineForItselfAreLoopbackWhereverTheyAreLookedUp(String host) {
        assertThat(closed.elsewhereDenial(host))
                .hasValueSatisfying(why -> assertThat(why).contains("loopback"));
        assertThat(open.elsewhereDenial(host)).isEmpty();
        assertThatThrownBy(() -> closed.requireElsewhere(host)).hasMessageStartingWith("address_denied");
        assertThat(closed.elsewhereDenial(host + ".example.com")).isEmpty();
    }

    @Test
    void judgesWhatANameResolvesTo() throws Exception {
        assertThat(open.resolve("localhost")).contains(InetAddress.getByName("127.0.0.1"));
        assertThatThrownBy(() -> closed.resolve("localhost"))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure())
                        .isEqualTo(new Failure.Source(
                                Failure.Layer.RESOLVE,
                                "address_denied",
                                "Connections to loopback addresses are not allowed.",
                                false)));
        assertThatThrownBy(() -> open.resolve("0251.0376.0251.0376")).hasMessageStartingWith("address_denied");
        assertThatThrownBy(() -> open.resolve("no-such-host.invalid"))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("unknown_host"));
        assertThatThrownBy(() -> open.require(InetAddress.getByName("169.254.1.1")))
                .hasMessageContaining("link-local");
    }

    @Test
    void knowsOnlyTwoSettings() {
        assertThatThrownBy(() -> policy("perhaps")).hasMessageContaining("SERAI_EGRESS_PRIVATE");
    }

    static EgressPolicy policy(String privateAddresses) {
        return new EgressPolicy(Settings.of(Map.of("serai.egress.private", privateAddresses)));
    }
}
