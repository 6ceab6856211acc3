package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
)

// Transform makes the body that is sent in place of another one, the same bytes
// where it changes nothing. What it is made of, such as a jq expression, is given
// to this package's users by those who know libraries.
type Transform func(ctx context.Context, body []byte) ([]byte, error)

// Mend gives body the three fields of an order, in place: all other members stay
// as they are, byte for byte. A body that has no readable data is replaced.
func Mend(body []byte, userID, quantity, restaurantID string) []byte {
	fields, data, ok := dataOf(body)
	if !ok {
		return EncodeBody(Order{UserID: userID, Quantity: quantity, RestaurantID: restaurantID})
	}
	type change struct {
		at, end int
		text    []byte
	}
	var changes []change
	var missing [][]byte
	for _, f := range []struct{ name, value string }{{"user_id", userID}, {"quantity", quantity}, {"restaurant_id", restaurantID}} {
		m, there := find(fields, f.name)
		if !there {
			missing = append(missing, appendText(append(appendText(nil, f.name), ':'), f.value))
			continue
		}
		var old string
		if m.value[0] == '"' && json.Unmarshal(m.value, &old) == nil && old == f.value {
			continue
		}
		changes = append(changes, change{int(m.offset), int(m.offset) + len(m.value), appendText(nil, f.value)})
	}
	if len(missing) > 0 {
		text := bytes.Join(missing, []byte(","))
		if len(fields) > 0 {
			text = append(text, ',')
		}
		at := int(data.offset) + 1 // behind the brace
		changes = append(changes, change{at, at, text})
	}
	slices.SortFunc(changes, func(a, b change) int { return b.at - a.at }) // from the back, so that places hold
	mended := bytes.Clone(body)
	for _, c := range changes {
		mended = slices.Concat(mended[:c.at], c.text, mended[c.end:])
	}
	return mended
}

// Draft is what can be read of the order in a body, whether it is valid or not.
func Draft(body []byte) Order {
	fields, _, _ := dataOf(body)
	text := func(name string) string {
		m, there := find(fields, name)
		if !there {
			return ""
		}
		var s string
		if m.value[0] == '"' && json.Unmarshal(m.value, &s) == nil {
			return s
		}
		return string(m.value)
	}
	return Order{UserID: text("user_id"), Quantity: text("quantity"), RestaurantID: text("restaurant_id")}
}

// dataOf are the members of a body's data, when they can be told.
func dataOf(body []byte) (fields []member, data member, ok bool) {
	if checkSyntax(body) != nil {
		return nil, member{}, false
	}
	envelope, err := members(body, "", 0)
	if err != nil {
		return nil, member{}, false
	}
	if data, ok = find(envelope, "data"); !ok {
		return nil, member{}, false
	}
	if fields, err = members(data.value, "data", data.offset); err != nil {
		return nil, member{}, false
	}
	return fields, data, true
}
