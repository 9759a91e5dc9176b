package dev.serai.connector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The kinds of addresses that are not the open internet. */
enum AddressKind {
    /**
     * AWS, Azure, GCP, Oracle, OpenStack and most others; AWS over IPv6 with its other services of an instance; GCP,
     * Oracle and Scaleway over IPv6; Alibaba; Oracle's older one; Azure's host service. Each from its vendor's manual.
     */
    METADATA(
            "cloud metadata",
            true,
            "169.254.169.254/32",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
            "fd00:c1::a9fe:a9fe/128",
            "fd00:42::42/128",
            "100.100.100.200/32",
            "192.0.0.192/32",
            "168.63.129.16/32"),
    LINK_LOCAL("link-local", true, "169.254.0.0/16", "fe80::/10"),
    MULTICAST("multicast", true, "224.0.0.0/4", "ff00::/8"),
    UNSPECIFIED("unspecified", true, "0.0.0.0/8", "::/128"),
    RESERVED("reserved", true, "240.0.0.0/4"),
    LOOPBACK("loopback", false, "127.0.0.0/8", "::1/128"),
    PRIVATE(
            "private",
            false,
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "198.18.0.0/15",
            "fc00::/7",
            "fec0::/10");

    final String words;
    final boolean alwaysDenied;
    private final List<Range> ranges;

    AddressKind(String words, boolean alwaysDenied, String... ranges) {
        this.words = words;
        this.alwaysDenied = alwaysDenied;
        this.ranges = Arrays.stream(ranges).map(Range::parse).toList();
    }

    /** What an address is, itself or by the IPv4 address inside it; empty for a public one. Those always denied first. */
    static List<AddressKind> of(InetAddress address) {
        List<byte[]> forms = forms(address.getAddress());
        return Arrays.stream(values())
                .filter(kind ->
                        kind.ranges.stream().anyMatch(range -> forms.stream().anyMatch(range::contains)))
                .toList();
    }

    private static List<byte[]> forms(byte[] address) {
        return Stream.concat(Stream.of(address), EmbeddedAddress.in(address)).toList();
    }

    /** The addresses that begin with these bits. */
    record Range(byte[] prefix, int bits) {
        static Range parse(String text) {
            String[] parts = text.split("/", 2);
            try {
                // A numeric address asks no name server. Java gives a mapped one as IPv4, so its bytes are put back.
                byte[] bytes = InetAddress.getByName(parts[0]).getAddress();
                boolean mapped = bytes.length == 4 && parts[0].contains(":");
                return new Range(mapped ? mapped(bytes) : bytes, Integer.parseInt(parts[1]));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        private static byte[] mapped(byte[] inner) {
            byte[] bytes = new byte[16];
            bytes[10] = (byte) 0xff;
            bytes[11] = (byte) 0xff;
            System.arraycopy(inner, 0, bytes, 12, 4);
            return bytes;
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
