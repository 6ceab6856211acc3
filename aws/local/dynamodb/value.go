package dynamodb

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

// value is one attribute value. Values are never changed once they are made, so
// that items may share them.
type value struct {
	// kind is the wire's own name: S, N, B, BOOL, NULL, L, M, SS, NS or BS. The
	// value that an item lacks has none.
	kind string
	// content is what stands on the wire in the form that is stored: a string, a
	// bool, []value, []string or item.
	content any
	// bytes is the stored size by DynamoDB's published rules: names and texts in
	// UTF-8, about two digits of a number per byte, three bytes for a list or map
	// and one for each of its elements.
	bytes int
}

// item is a set of named attributes: a row, a key, or the members of a map.
type item map[string]value

func (i item) size() int {
	total := 0
	for name, v := range i {
		total += len(name) + v.bytes
	}
	return total
}

// text is an S, the plain decimal digits of an N, or a B in base64.
func (v value) text() string {
	text, _ := v.content.(string)
	return text
}

// compare orders two S or two N.
func compare(a, b value) int {
	if a.kind == "N" {
		return compareNumbers(a.text(), b.text())
	}
	return strings.Compare(a.text(), b.text())
}

// MarshalJSON writes {"S":"x"} and its kind.
func (v value) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]any{v.kind: v.content}) }

// UnmarshalJSON reads {"S":"x"} and its kind; what DynamoDB would refuse is
// refused with DynamoDB's message.
func (v *value) UnmarshalJSON(b []byte) error {
	var content any
	_ = json.Unmarshal(b, &content) // it is JSON, or nobody would call
	given, err := wire.Try(func() (value, error) { return readValue(content, 0) })
	*v = given
	return err
}

// maxNesting is how deep lists and maps may lie in each other.
const maxNesting = 32

func readValue(given any, depth int) (v value, err error) {
	members, _ := given.(map[string]any)
	switch {
	case len(members) == 0:
		return v, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	case len(members) > 1:
		return v, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
	case depth > maxNesting:
		return v, invalid("Nesting Levels have exceeded supported limits")
	}
	for kind, content := range members {
		v, err = readKind(kind, content, depth)
	}
	return v, err
}

func readKind(kind string, given any, depth int) (value, error) {
	v := value{kind: kind, content: given}
	text, isText := given.(string)
	flag, isFlag := given.(bool)
	members, isMap := given.(map[string]any)
	elements, isList := given.([]any)
	switch {
	case kind == "S" && isText:
		v.bytes = len(text)
		return v, nil
	case kind == "N" && isText:
		v.bytes = (digits(text)+1)/2 + 1 + strings.Count(text, "-")
		return v, checkNumber(text)
	case kind == "B" && isText:
		data, err := base64.StdEncoding.DecodeString(text)
		v.bytes = len(data)
		return v, err
	case kind == "BOOL" && isFlag, kind == "NULL" && flag:
		v.bytes = 1
		return v, nil
	case kind == "M" && isMap:
		return v.readMap(members, depth+1)
	case kind == "L" && isList:
		return v.readList(elements, depth+1)
	case (kind == "SS" || kind == "NS" || kind == "BS") && isList:
		return v.readSet(elements)
	}
	return v, &wire.Error{Type: "com.amazon.coral.service#SerializationException", Message: "An AttributeValue does not have the form of its type " + kind}
}

func (v value) readMap(members map[string]any, depth int) (_ value, err error) {
	fields := make(item, len(members))
	for name, member := range members {
		fields[name] = wire.Must(readValue(member, depth))
	}
	v.content, v.bytes = fields, 3+len(fields)+fields.size()
	return v, nil
}

func (v value) readList(elements []any, depth int) (_ value, err error) {
	list := make([]value, len(elements))
	v.content, v.bytes = list, 3+len(list)
	for n, element := range elements {
		list[n] = wire.Must(readValue(element, depth))
		v.bytes += list[n].bytes
	}
	return v, nil
}

// readSet reads elements whose kind is known. They are kept in order, as they
// have none of their own.
func (v value) readSet(elements []any) (value, error) {
	set := []string{}
	for _, element := range elements {
		one := wire.Must(readKind(v.kind[:1], element, 0))
		set, v.bytes = append(set, one.text()), v.bytes+one.bytes
	}
	slices.Sort(set)
	if len(set) == 0 || len(slices.Compact(slices.Clone(set))) < len(set) {
		return v, invalidValue("A set has at least one element, and none of them twice")
	}
	v.content = set
	return v, nil
}

// checkNumber takes numbers as DynamoDB stores them: up to 38 digits without an
// exponent or needless zeros. Equal numbers have equal texts.
func checkNumber(text string) error {
	if _, ok := new(big.Rat).SetString(text); !ok {
		return invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	if !regexp.MustCompile(`^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$`).MatchString(text) || digits(text) > 38 {
		return unsupported("A number with an exponent, needless zeros or more than 38 digits")
	}
	return nil
}

// digits counts those of a number without the zeros at its ends.
func digits(text string) int {
	return len(strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(text), "0"))
}

// compareNumbers orders two stored numbers.
func compareNumbers(a, b string) int {
	x, _ := new(big.Rat).SetString(a)
	y, _ := new(big.Rat).SetString(b)
	return x.Cmp(y)
}
