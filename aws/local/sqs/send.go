package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"orderops/aws/local/wire"
)

// maxRequest is the most bytes of one message and of one batch, attributes
// included (AWS action SendMessage; 1 MiB since August 2025).
const maxRequest = 1 << 20

// traceHeader is the one system attribute that can be sent. It does not count
// towards the size.
const traceHeader = "AWSTraceHeader"

// outgoing is a message to send: a SendMessage request, or an entry of a batch.
type outgoing struct {
	queueInput
	Id                      string // only in a batch
	MessageBody             string
	DelaySeconds            *int // nil takes the queue's
	MessageAttributes       map[string]MessageAttribute
	MessageSystemAttributes map[string]MessageAttribute
	MessageDeduplicationId  string
	MessageGroupId          string
}

func (o *outgoing) id() string { return o.Id }

func (o *outgoing) size() int {
	n := len(o.MessageBody)
	for name, a := range o.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return n
}

// check refuses what the queue does not take.
func (o *outgoing) check(q *queue) {
	switch {
	case o.MessageBody == "":
		wire.Check(missingParameter("MessageBody"))
	case !validText(o.MessageBody):
		wire.Check(refused(http.StatusBadRequest, "InvalidMessageContents", "InvalidMessageContents", "Invalid characters found. Valid unicode characters are %s", allowedCharacters))
	case o.MessageDeduplicationId != "":
		wire.Check(invalidValue(o.MessageDeduplicationId, "MessageDeduplicationId", "The request include parameter that is not valid for this queue type."))
	}
	checkRange(o.DelaySeconds, 0, 900, delaySeconds, "DelaySeconds must be >= 0 and <= 900.")
	for name, attribute := range o.MessageSystemAttributes {
		need(name == traceHeader && attribute.DataType == "String", "Message system attribute name '%s' is invalid: only %s of type String can be sent.", name, traceHeader)
		attribute.check(name)
	}
	checkAttributes(o.MessageAttributes)
	fault, limit := "are invalid", q.settings.number(maximumMessageSize)
	if o.Id != "" {
		fault = "cannot be validated" // AWS's words in a batch
	}
	need(o.size() <= limit, "One or more parameters %s. Reason: Message must be shorter than %d bytes.", fault, limit)
}

// sent is the answer of a send.
type sent struct {
	Id                           string `json:",omitempty"` // only in a batch
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageSystemAttributes string `json:",omitempty"`
	MessageId                    string
}

func (s *Service) sendMessage(q *queue, o *outgoing, now time.Time) (sent, error) {
	o.check(q)
	m := s.newMessage(content{
		body:       o.MessageBody,
		bodyMD5:    digest([]byte(o.MessageBody)),
		attributes: o.MessageAttributes,
		trace:      o.MessageSystemAttributes[traceHeader].StringValue,
		groupID:    o.MessageGroupId,
	}, now)
	q.sentCount++
	q.add(m, now, seconds(o.DelaySeconds, q.settings.duration(delaySeconds)))
	return sent{
		Id:                           o.Id,
		MD5OfMessageBody:             m.bodyMD5,
		MD5OfMessageAttributes:       attributesDigest(o.MessageAttributes),
		MD5OfMessageSystemAttributes: attributesDigest(o.MessageSystemAttributes),
		MessageId:                    m.id,
	}, nil
}

// seconds is n in seconds, or the standard when n is nil.
func seconds(n *int, standard time.Duration) time.Duration {
	if n == nil {
		return standard
	}
	return time.Duration(*n) * time.Second
}

// maxBatch is the most entries of a batch.
const maxBatch = 10

// entry is one request of a batch.
type entry interface {
	id() string
	// size counts against the limit of the whole batch, in bytes.
	size() int
}

type batchInput[E any] struct {
	queueInput
	Entries []E
}

// batchResult answers a batch. It is a success even when every entry failed.
// AWS leaves out the list that is empty.
type batchResult[Out any] struct {
	Successful []Out         `json:",omitempty"`
	Failed     []failedEntry `json:",omitempty"`
}

type failedEntry struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string
}

// batch is the operation f on every entry of a batch; shape is AWS's name of an
// entry.
func batch[E, Out any, P interface {
	*E
	entry
}](s *Service, shape string, f func(*queue, *E, time.Time) (Out, error)) wire.Operation {
	return onQueue(s, func(q *queue, in *batchInput[E], now time.Time) (*batchResult[Out], error) {
		entries := make([]entry, len(in.Entries))
		for i := range in.Entries {
			entries[i] = P(&in.Entries[i])
		}
		checkEntries(shape, entries)
		result := new(batchResult[Out])
		for i := range in.Entries {
			if out, err := wire.Try(func() (Out, error) { return f(q, &in.Entries[i], now) }); err != nil {
				result.Failed = append(result.Failed, failed(entries[i].id(), err))
			} else {
				result.Successful = append(result.Successful, out)
			}
		}
		return result, nil
	})
}

// checkEntries applies the rules that fail a batch as a whole.
func checkEntries(shape string, entries []entry) {
	n, total, seen := len(entries), 0, map[string]bool{}
	batchNeeds(n > 0, "EmptyBatchRequest", "There should be at least one %s in the request.", shape)
	batchNeeds(n <= maxBatch, "TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, n)
	for _, e := range entries {
		batchNeeds(plainName.MatchString(e.id()), "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		batchNeeds(!seen[e.id()], "BatchEntryIdsNotDistinct", "Id %s repeated.", e.id())
		seen[e.id()] = true
		total += e.size()
	}
	batchNeeds(total <= maxRequest, "BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxRequest, total)
}

func batchNeeds(ok bool, name, format string, args ...any) {
	if !ok {
		wire.Check(refused(http.StatusBadRequest, name, queryCode+name, format, args...))
	}
}

func failed(id string, err error) failedEntry {
	e := wire.ErrorOf(err)
	return failedEntry{Id: id, SenderFault: e.Fault() == "Sender", Code: e.QueryCode, Message: e.Message}
}

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

func checkAttributes(attributes map[string]MessageAttribute) {
	need(len(attributes) <= maxAttributes, "Number of message attributes [%d] exceeds the allowed maximum [%d].", len(attributes), maxAttributes)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		lower := strings.ToLower(name)
		need(len(name) <= 256 && attributeName.MatchString(name) && !strings.HasPrefix(lower, "aws.") && !strings.HasPrefix(lower, "amazon."),
			"The message attribute name '%s' is invalid. It has 1 to 256 letters, digits, hyphen, underscore and single periods inside, and does not start with AWS. or Amazon.", name)
		attributes[name].check(name)
	}
}

// check refuses a value that is not of the attribute's type.
func (a MessageAttribute) check(name string) {
	_, err := strconv.ParseFloat(a.StringValue, 64)
	valid := map[string]bool{
		"String": a.StringValue != "" && validText(a.StringValue) && a.BinaryValue == nil,
		"Number": err == nil && a.BinaryValue == nil,
		"Binary": len(a.BinaryValue) > 0 && a.StringValue == "",
	}
	need(valid[a.kind()] && len(a.DataType) <= 256,
		"The message attribute '%s' must contain a non-empty value of its type, whose prefix is Binary, Number or String, and of the characters %s.", name, allowedCharacters)
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
