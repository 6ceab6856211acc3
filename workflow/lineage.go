package workflow

import "strconv"

// The lineage attributes tie a message that was sent again to its first life.
// Only this tool writes them; a consumer that ignores them takes the message id
// as the order id.
const (
	AttributeOrderID    = "order_id"
	AttributeOriginalID = "original_message_id"
	AttributeRedrives   = "redrives"
	AttributeRedrivenBy = "redriven_by"
	AttributeReason     = "reason"
)

// Lineage is what a message tells of its earlier lives. The zero value is a
// message in its first life.
type Lineage struct {
	OrderID    OrderID
	OriginalID MessageID
	// Redrives counts how often it was redriven.
	Redrives int
	By       string
	Reason   string
}

// Lineage reads the lineage attributes. They come from outside like all others.
func (m Message) Lineage() Lineage {
	text := func(name string) string { return m.Attributes[name].Text }
	redrives, err := strconv.Atoi(text(AttributeRedrives))
	if err != nil || redrives < 0 {
		redrives = 0
	}
	return Lineage{
		OrderID: OrderID(text(AttributeOrderID)), OriginalID: MessageID(text(AttributeOriginalID)),
		Redrives: redrives, By: text(AttributeRedrivenBy), Reason: text(AttributeReason),
	}
}

// Next is the lineage of the message that takes m's place when it is redriven.
func (m Message) Next(by, reason string) Lineage {
	l := m.Lineage()
	next := Lineage{OrderID: m.OrderID(), OriginalID: l.OriginalID, Redrives: l.Redrives + 1, By: by, Reason: reason}
	if next.OriginalID == "" {
		next.OriginalID = m.ID
	}
	return next
}

// Attributes are the message attributes that carry l; empty texts are left out,
// because SQS refuses them.
func (l Lineage) Attributes() map[string]Attribute {
	attributes := map[string]Attribute{AttributeRedrives: {DataType: "Number", Text: strconv.Itoa(l.Redrives)}}
	for name, value := range map[string]string{
		AttributeOrderID: string(l.OrderID), AttributeOriginalID: string(l.OriginalID),
		AttributeRedrivenBy: l.By, AttributeReason: l.Reason,
	} {
		if value != "" {
			attributes[name] = Attribute{DataType: "String", Text: value}
		}
	}
	return attributes
}
