# Runs inside one network namespace: sends ICMP echo requests, which need a raw socket, and tells of the answers.
# Standard input: lines of "family id identifier source destination size"; the packets must not be cut up.
# Standard output: lines of JSON, as agent.ts writes them.
use strict;
use warnings;
use Socket qw(:all);
use Errno ();

$| = 1;
my %sent;

sub tell_error {
    my ($id) = @_;
    my ($name) = grep { $!{$_} } qw(EMSGSIZE EHOSTUNREACH ENETUNREACH EACCES EPERM EINVAL EADDRNOTAVAIL);
    printf qq({"kind":"failed","id":%d,"error":"%s"}\n), $id, $name // 'error';
}

sub checksum {
    my $sum = 0;
    $sum += $_ for unpack 'n*', $_[0];
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub open_socket {
    my ($family) = @_;
    my $is_v4 = $family == 4;
    socket(my $socket, $is_v4 ? AF_INET : AF_INET6, SOCK_RAW, $is_v4 ? 1 : 58) or die "socket: $!";
    # IP_MTU_DISCOVER and IPV6_MTU_DISCOVER with IP_PMTUDISC_DO.
    setsockopt($socket, $is_v4 ? 0 : 41, $is_v4 ? 10 : 23, pack('i', 2)) or die "setsockopt: $!";
    return $socket;
}

sub address_of {
    my ($family, $text) = @_;
    return $family == 4
        ? pack_sockaddr_in(0, inet_aton($text))
        : pack_sockaddr_in6(0, inet_pton(AF_INET6, $text));
}

my @sockets;
while (my $line = <STDIN>) {
    last if $line =~ /^end/;
    my ($family, $id, $identifier, $source, $destination, $size) = split ' ', $line;
    my $socket = open_socket($family);
    unless (bind $socket, address_of($family, $source)) { tell_error($id); next }
    my $payload = 'x' x ($size - 8 - ($family == 4 ? 20 : 40));
    my $packet = pack('CCnnn', $family == 4 ? 8 : 128, 0, 0, $identifier, 1) . $payload;
    # The kernel writes the checksum of ICMPv6 itself.
    substr($packet, 2, 2) = pack 'n', checksum($packet . (length($packet) % 2 ? "\0" : '')) if $family == 4;
    $sent{"$identifier"} = { id => $id, from => address_of($family, $destination) };
    push @sockets, { socket => $socket, family => $family, identifier => $identifier };
    # What the packet before has taught of the path is forgotten within two ticks of the kernel's clock.
    select undef, undef, undef, 0.02;
    tell_error($id) unless send $socket, $packet, 0, address_of($family, $destination);
}

print qq({"kind":"synced"}\n);
while (@sockets) {
    my $bits = '';
    vec($bits, fileno $_->{socket}, 1) = 1 for @sockets;
    select(my $ready = $bits, undef, undef, undef);
    for my $entry (grep { vec $ready, fileno $_->{socket}, 1 } @sockets) {
        my $from = recv $entry->{socket}, my $packet, 65536, 0;
        next unless defined $from;
        # Raw sockets show the header of IPv4, not that of IPv6.
        $packet = substr $packet, 4 * (ord($packet) & 15) if $entry->{family} == 4;
        my ($type, undef, undef, $identifier) = unpack 'CCnn', $packet;
        next unless $type == ($entry->{family} == 4 ? 0 : 129) && $identifier == $entry->{identifier};
        my $asked = $sent{$identifier};
        my $is_same = $entry->{family} == 4
            ? (unpack_sockaddr_in($from))[1] eq (unpack_sockaddr_in($asked->{from}))[1]
            : (unpack_sockaddr_in6($from))[1] eq (unpack_sockaddr_in6($asked->{from}))[1];
        printf qq({"kind":"answered","id":%d}\n), $asked->{id} if $is_same;
    }
}
