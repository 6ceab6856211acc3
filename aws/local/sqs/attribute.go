package sqs

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAttributes is how many attributes a message can have.
const maxAttributes = 10

// size is what an attribute adds to the size of its message.
func (a MessageAttribute) size(name string) int {
	return len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
}

func checkAttributes(attributes map[string]MessageAttribute) error {
	if n := len(attributes); n > maxAttributes {
		return invalidParameter("Number of message attributes [%d] exceeds the allowed maximum [%d].", n, maxAttributes)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !validAttributeName(name) {
			return invalidParameter("The message attribute name '%s' is invalid. It has 1 to 256 letters, digits, hyphen, underscore and single periods inside, and does not start with AWS. or Amazon.", name)
		}
		if err := attributes[name].check(name); err != nil {
			return err
		}
	}
	return nil
}

func validAttributeName(name string) bool {
	if name == "" || len(name) > 256 || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
		return false
	}
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon.") {
		return false
	}
	// AWS takes letters of any script here, other than in names of queues.
	return strings.IndexFunc(name, func(r rune) bool { return r != '.' && !nameRune(r) && !unicode.IsLetter(r) }) < 0
}

// nameRune tells the characters of queue names and batch entry ids.
func nameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

func (a MessageAttribute) check(name string) error {
	kind, _, _ := strings.Cut(a.DataType, ".")
	if a.DataType == "" {
		return invalidParameter("The message attribute '%s' must contain non-empty message attribute type.", name)
	}
	if kind != "String" && kind != "Number" && kind != "Binary" || len(a.DataType) > 256 {
		return invalidParameter("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
	}
	value := a.StringValue
	if a.binary() {
		value = string(a.BinaryValue)
	}
	if value == "" {
		return invalidParameter("Message (user) attribute '%s' must contain a non-empty value of type '%s'.", name, kind)
	}
	if a.binary() && a.StringValue != "" || !a.binary() && len(a.BinaryValue) > 0 {
		return invalidParameter("The message attribute '%s' has a value of another type than its message attribute type '%s'.", name, kind)
	}
	if kind == "Number" {
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return invalidParameter("Can't cast the value of message (user) attribute '%s' to a number.", name)
		}
	}
	if kind == "String" && !validText(value) {
		return invalidParameter("Invalid binary character was found in the message attribute '%s'. The set of allowed characters is %s", name, allowedCharacters)
	}
	return nil
}

const allowedCharacters = "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"

// validText tells whether SQS takes a text: control characters but tab, line
// feed and carriage return, and U+FFFE and U+FFFF, are refused.
func validText(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
	}) < 0
}

// chooseAttributes picks the attributes that a receiver asked for by name: All,
// .* and * mean all, prefix.* means all that start with prefix.
func chooseAttributes(attributes map[string]MessageAttribute, names []string) map[string]MessageAttribute {
	chosen := make(map[string]MessageAttribute)
	for name, attribute := range attributes {
		for _, wanted := range names {
			prefix, open := strings.CutSuffix(wanted, ".*")
			if wanted == "All" || wanted == "*" || wanted == name || open && strings.HasPrefix(name, prefix) {
				chosen[name] = attribute
				break
			}
		}
	}
	return chosen
}
