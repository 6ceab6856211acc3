package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"orderops/aws/local/wire"
)

// maxAttributes is how many attributes a message can have.
const maxAttributes = 10

// MessageAttribute is a sender's attribute of a message. Binary types use
// BinaryValue, all others StringValue.
type MessageAttribute struct {
	// DataType is String, Number or Binary, with an optional label ("Number.int").
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

// kind is the type without its label.
func (a MessageAttribute) kind() string {
	kind, _, _ := strings.Cut(a.DataType, ".")
	return kind
}

// attributeName has letters of any script, other than the names of queues.
var attributeName = regexp.MustCompile(`^[\pL0-9_-]+(\.[\pL0-9_-]+)*$`)

func checkAttributes(attributes map[string]MessageAttribute) error {
	if n := len(attributes); n > maxAttributes {
		return invalidParameter("Number of message attributes [%d] exceeds the allowed maximum [%d].", n, maxAttributes)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		lower := strings.ToLower(name)
		if len(name) > 256 || !attributeName.MatchString(name) || strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon.") {
			return invalidParameter("The message attribute name '%s' is invalid. It has 1 to 256 letters, digits, hyphen, underscore and single periods inside, and does not start with AWS. or Amazon.", name)
		}
		wire.Check(attributes[name].check(name))
	}
	return nil
}

// check refuses a value that is not of the attribute's type.
func (a MessageAttribute) check(name string) error {
	_, err := strconv.ParseFloat(a.StringValue, 64)
	valid := map[string]bool{
		"String": a.StringValue != "" && validText(a.StringValue) && a.BinaryValue == nil,
		"Number": err == nil && a.BinaryValue == nil,
		"Binary": len(a.BinaryValue) > 0 && a.StringValue == "",
	}
	if !valid[a.kind()] || len(a.DataType) > 256 {
		return invalidParameter("The message attribute '%s' must contain a non-empty value of its type, whose prefix is Binary, Number or String, and of the characters %s.", name, allowedCharacters)
	}
	return nil
}

const allowedCharacters = "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"

// validText tells whether SQS takes a text: control characters but tab, line
// feed and carriage return, and U+FFFE and U+FFFF, are refused.
func validText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
	})
}

// chooseAttributes picks the attributes that a receiver asked for by name: All,
// .* and * mean all, prefix.* means all that start with prefix.
func chooseAttributes(attributes map[string]MessageAttribute, names []string) map[string]MessageAttribute {
	chosen := maps.Clone(attributes)
	maps.DeleteFunc(chosen, func(name string, _ MessageAttribute) bool {
		return !slices.ContainsFunc(names, func(wanted string) bool {
			prefix, open := strings.CutSuffix(wanted, ".*")
			return wanted == "All" || wanted == "*" || wanted == name || open && strings.HasPrefix(name, prefix)
		})
	})
	return chosen
}

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
