#!/usr/bin/perl
# empty-hive.pl OUT: writes an empty but valid registry hive (regf 1.3: base block, one bin, a root key), because hivex
# can change hives but not create them.
use strict;
use warnings;

my $ROOT_NAME = '$$$PROTO.HIV';
my $ROOT_OFFSET = 0x20;    # cells follow the 32-byte bin header
my $NONE = 0xffffffff;
my $TIME = pack 'L<2', 0, 0x01DC5B00;    # one fixed moment: the same input gives the same bytes
my $BIN_SIZE = 4096;

# A cell is a negative (= in use) size and a body, padded to 8 bytes.
sub cell {
    my ($body) = @_;
    my $size = (4 + length($body) + 7) & ~7;
    return pack("l<a*", -$size, $body) . "\0" x ($size - 4 - length $body);
}

sub root_key {
    my ($security_offset) = @_;
    return cell(pack('a2 S<', 'nk', 0x2c) . $TIME
          . pack('L<*', 0, 0, 0, 0, $NONE, $NONE, 0, $NONE, $security_offset, $NONE, 0, 0, 0, 0, 0)
          . pack('S<2 a*', length $ROOT_NAME, 0, $ROOT_NAME));
}

my $security_offset = $ROOT_OFFSET + length root_key(0);
my $descriptor = pack 'C2 S< L<4', 1, 0, 0x8000, 0, 0, 0, 0;    # self-relative, no owner, no list
my $security = cell(pack('a2 S< L<4', 'sk', 0, $security_offset, $security_offset, 1, length $descriptor) . $descriptor);

my $bin = pack('a4 L<4', 'hbin', 0, $BIN_SIZE, 0, 0) . $TIME . pack('L<', 0) . root_key($security_offset) . $security;
my $free = $BIN_SIZE - length $bin;
$bin .= pack('l<', $free) . "\0" x ($free - 4);

my $base = pack('a4 L<2', 'regf', 1, 1) . $TIME . pack('L<*', 1, 3, 0, 1, $ROOT_OFFSET, $BIN_SIZE, 1);
$base .= "\0" x (508 - length $base);
my $checksum = 0;
$checksum ^= $_ for unpack 'L<*', $base;
$checksum = 1 if $checksum == 0;
$checksum = 0xfffffffe if $checksum == 0xffffffff;
$base .= pack 'L<', $checksum;
$base .= "\0" x (4096 - length $base);

open my $out, '>:raw', $ARGV[0] or die "$ARGV[0]: $!\n";
print {$out} $base, $bin or die "$ARGV[0]: $!\n";
close $out or die "$ARGV[0]: $!\n";
