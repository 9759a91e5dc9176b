package dev.serai.connector;

import java.util.Arrays;
import java.util.stream.Stream;

/** How does an IPv6 address carry an IPv4 one, so that connecting to it may end there? */
enum EmbeddedAddress {
    MAPPED("::ffff:0:0/96", 12, 13, 14, 15),
    TRANSLATED("::ffff:0:0:0/96", 12, 13, 14, 15),
    COMPATIBLE("::/96", 12, 13, 14, 15) {
        @Override
        boolean isIn(byte[] address) {
            // Not :: and ::1, which are addresses of their own.
            return super.isIn(address) && address[12] != 0;
        }
    },
    NAT64("64:ff9b::/96", 12, 13, 14, 15),
    /** A network's own translator chooses a prefix in here, of one of the lengths of RFC 6052; byte 8 is always left out. */
    NAT64_LOCAL_48("64:ff9b:1::/48", 6, 7, 9, 10),
    NAT64_LOCAL_56("64:ff9b:1::/48", 7, 9, 10, 11),
    NAT64_LOCAL_64("64:ff9b:1::/48", 9, 10, 11, 12),
    NAT64_LOCAL_96("64:ff9b:1::/48", 12, 13, 14, 15),
    SIX_TO_FOUR("2002::/16", 2, 3, 4, 5),
    TEREDO("2001::/32", 12, 13, 14, 15) {
        @Override
        byte[] inner(byte[] address) {
            byte[] inner = super.inner(address);
            for (int i = 0; i < inner.length; i++) {
                inner[i] = (byte) ~inner[i];
            }
            return inner;
        }
    },
    /** Under any prefix: the last half is {@code 0000:5efe} or {@code 0200:5efe} and the address. */
    ISATAP("::/0", 12, 13, 14, 15) {
        @Override
        boolean isIn(byte[] address) {
            return (address[8] & 0xfd) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == (byte) 0xfe;
        }
    };

    private final AddressKind.Range range;
    private final int[] places;

    EmbeddedAddress(String range, int... places) {
        this.range = AddressKind.Range.parse(range);
        this.places = places;
    }

    /** Every IPv4 address that one may take the address for; none in an IPv4 address itself. */
    static Stream<byte[]> in(byte[] address) {
        return address.length == 4
                ? Stream.of()
                : Arrays.stream(values())
                        .filter(embedded -> embedded.isIn(address))
                        .map(embedded -> embedded.inner(address));
    }

    /** Of several readings of which one is right, that of an empty place is not. */
    private static boolean isZero(byte[] address, int... places) {
        return Arrays.stream(places).allMatch(place -> address[place] == 0);
    }

    boolean isIn(byte[] address) {
        return range.contains(address) && !(name().startsWith("NAT64_LOCAL") && isZero(address, places));
    }

    byte[] inner(byte[] address) {
        byte[] inner = new byte[places.length];
        for (int i = 0; i < places.length; i++) {
            inner[i] = address[places[i]];
        }
        return inner;
    }
}
