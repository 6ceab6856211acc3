package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
)

// digest is the MD5 in hex.
func digest(text []byte) string {
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}

// attributesDigest is AWS's MD5 of message attributes (SQS developer guide,
// "Calculating the MD5 message digest for message attributes"): by name, each of
// name, type and value with its length in four bytes before it, and one byte
// before the value that is 1 for text and 2 for binary. "" without attributes.
func attributesDigest(attributes map[string]MessageAttribute) string {
	if len(attributes) == 0 {
		return ""
	}
	var b []byte
	field := func(value []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(value))) //nolint:gosec // G115: a message has at most 1 MiB
		b = append(b, value...)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[name]
		field([]byte(name))
		field([]byte(attribute.DataType))
		if attribute.kind() == "Binary" {
			b = append(b, 2)
			field(attribute.BinaryValue)
			continue
		}
		b = append(b, 1)
		field([]byte(attribute.StringValue))
	}
	return digest(b)
}
