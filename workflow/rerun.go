package workflow

import (
	"encoding/json"
	"strconv"
	"strings"
)

// rerunMark stands between an order id and the number of a run, in the name of
// an execution that was started again.
const rerunMark = "-r"

// RerunName is the name of run n of an order, counted from 1 behind the first.
func RerunName(id OrderID, n int) string { return string(id) + rerunMark + strconv.Itoa(n) }

// orderOf is the order that an execution's name stands for.
func orderOf(name string) OrderID {
	at := strings.LastIndex(name, rerunMark)
	if at <= 0 {
		return OrderID(name)
	}
	digits := name[at+len(rerunMark):]
	if digits == "" || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		return OrderID(name)
	}
	return OrderID(name[:at])
}

// WithMember is a JSON object with the text of one of its members replaced, and
// nothing else changed. It is false when the object has no such member, or is none.
func WithMember(object, name, text string) (string, bool) {
	d := json.NewDecoder(strings.NewReader(object))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return object, false
	}
	from, to := -1, -1
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return object, false
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return object, false
		}
		if key == name { // of several, the last one counts
			to = int(d.InputOffset())
			from = to - len(value)
		}
	}
	if from < 0 {
		return object, false
	}
	return object[:from] + string(appendText(nil, text)) + object[to:], true
}
