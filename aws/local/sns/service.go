// Package sns is Amazon SNS in this process: topics, e-mail subscriptions that a
// template makes, and a mailbox in which delivered mails can be read.
package sns

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// maxMails bounds the mailbox; the oldest mails go first.
const maxMails = 1000

// topicName is the rule of CreateTopic for standard topics.
var topicName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,256}$`)

// Service holds the topics and mails of one local cloud. It is safe for
// concurrent use.
type Service struct {
	*wire.Service
	identity *identity.Identity

	mu     sync.Mutex        // guards all below
	topics map[string]*topic // by ARN
	mails  []Mail
}

type topic struct {
	attributes    map[string]string
	subscriptions []*subscription
}

// subscription is an e-mail address. Until its owner confirms, it gets no mail.
// Only a template's are confirmed: nobody could click the link of any other.
type subscription struct {
	arn, address string
	confirmed    bool
}

// Mail is one delivered e-mail.
type Mail struct {
	To       string
	Subject  string
	Body     string
	TopicARN string
	// MessageID is the id that Publish answered with.
	MessageID string
	At        time.Time
}

// New makes a service without topics.
func New(id *identity.Identity) *Service {
	s := &Service{identity: id, topics: map[string]*topic{}}
	s.Service = &wire.Service{Protocol: wire.Query("http://sns.amazonaws.com/doc/2010-03-31/"), NewID: id.PassingID, Operations: map[string]wire.Operation{
		"CreateTopic":        wire.Form(s.createTopic),
		"DeleteTopic":        wire.Form(s.deleteTopic),
		"ListTopics":         wire.Form(s.listTopics),
		"Subscribe":          wire.Form(s.subscribe),
		"GetTopicAttributes": wire.Form(s.getTopicAttributes),
		"Publish":            wire.Form(s.publish),
	}}
	return s
}

// CreateTopic makes a topic and gives its ARN. Making it again is no error.
func (s *Service) CreateTopic(name string, attributes map[string]string) (arn string, err error) {
	if !topicName.MatchString(name) {
		return "", invalid("Topic Name")
	}
	arn = s.identity.ARN("sns", name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics[arn]; !ok {
		s.topics[arn] = &topic{attributes: attributes}
	}
	return arn, nil
}

// SubscribeMail subscribes an e-mail address, whose owner may have agreed, and
// gives the subscription's ARN. Subscribing again is no error.
func (s *Service) SubscribeMail(topicARN, address string, confirmed bool) (arn string, err error) {
	if at := strings.IndexByte(address, '@'); at < 1 || at == len(address)-1 {
		return "", invalid("Email address")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(topicARN)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(t.subscriptions, func(s *subscription) bool { return s.address == address })
	if at < 0 {
		at = len(t.subscriptions)
		t.subscriptions = append(t.subscriptions, &subscription{arn: topicARN + ":" + s.identity.UUID(), address: address})
	}
	t.subscriptions[at].confirmed = t.subscriptions[at].confirmed || confirmed
	return t.subscriptions[at].arn, nil
}

// Mails tells the delivered mails, oldest first.
func (s *Service) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// topic finds a topic. The caller holds the lock.
func (s *Service) topic(arn string) (*topic, error) {
	if parts := strings.Split(arn, ":"); len(parts) != 6 || parts[0] != "arn" || parts[2] != "sns" {
		return nil, invalid("TopicArn")
	}
	t, ok := s.topics[arn]
	if !ok {
		return nil, &wire.Error{Status: http.StatusNotFound, Type: "NotFound", Message: "Topic does not exist"}
	}
	return t, nil
}

func invalid(parameter string) *wire.Error {
	return &wire.Error{Type: "InvalidParameter", Message: "Invalid parameter: " + parameter}
}

const (
	// maxMessage is the most bytes of a message (Publish).
	maxMessage = 256 << 10
	// pageSize is how many topics ListTopics tells at once.
	pageSize = 100
)

// subjectLine is Publish's rule: at most 100 characters of printable ASCII, no
// space in front.
var subjectLine = regexp.MustCompile(`^[!-~][ -~]{0,99}$`)

type topicResult struct {
	TopicArn string
}

func (s *Service) createTopic(form url.Values) (any, error) {
	attributes := map[string]string{}
	for i := 1; ; i++ {
		prefix := "Attributes.entry." + strconv.Itoa(i)
		if !form.Has(prefix + ".key") {
			break
		}
		attributes[form.Get(prefix+".key")] = form.Get(prefix + ".value")
	}
	arn, err := s.CreateTopic(form.Get("Name"), attributes)
	return topicResult{arn}, err
}

// deleteTopic deletes a topic. A missing one is no error.
func (s *Service) deleteTopic(form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, form.Get("TopicArn"))
	return nil, nil
}

type listTopicsResult struct {
	Topics    []topicResult `xml:"Topics>member"`
	NextToken string        `xml:",omitempty"`
}

func (s *Service) listTopics(form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, next, ok := wire.Page(slices.Sorted(maps.Keys(s.topics)), form.Get("NextToken"), pageSize)
	if !ok {
		return nil, invalid("NextToken")
	}
	result := listTopicsResult{NextToken: next}
	for _, arn := range page {
		result.Topics = append(result.Topics, topicResult{arn})
	}
	return result, nil
}

// subscribe asks an address, which then waits for its owner's confirmation.
func (s *Service) subscribe(form url.Values) (any, error) {
	if form.Get("Protocol") != "email" {
		return nil, invalid("Protocol: the local AWS delivers to email only")
	}
	arn, err := s.SubscribeMail(form.Get("TopicArn"), form.Get("Endpoint"), false)
	if form.Get("ReturnSubscriptionArn") != "true" {
		arn = "pending confirmation"
	}
	return struct{ SubscriptionArn string }{arn}, err
}

type attribute struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

type attributesResult struct {
	Attributes []attribute `xml:"Attributes>entry"`
}

func (s *Service) getTopicAttributes(form url.Values) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := form.Get("TopicArn")
	t := wire.Must(s.topic(arn))
	pending := 0
	for _, sub := range t.subscriptions {
		if !sub.confirmed {
			pending++
		}
	}
	return attributesResult{[]attribute{
		{"TopicArn", arn},
		{"Owner", s.identity.Account},
		{"DisplayName", t.attributes["DisplayName"]},
		{"SubscriptionsConfirmed", strconv.Itoa(len(t.subscriptions) - pending)},
		{"SubscriptionsPending", strconv.Itoa(pending)},
		{"SubscriptionsDeleted", "0"},
	}}, nil
}

type publishResult struct {
	MessageID string `xml:"MessageId"`
}

func (s *Service) publish(form url.Values) (any, error) {
	message, subject := form.Get("Message"), "AWS Notification Message"
	if form.Has("Subject") {
		subject = form.Get("Subject")
	}
	switch {
	case message == "":
		return nil, invalid("Empty message")
	case len(message) > maxMessage:
		return nil, invalid("Message too long")
	case !utf8.ValidString(message):
		return nil, invalid("Message")
	case !subjectLine.MatchString(subject):
		return nil, invalid("Subject")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := cmp.Or(form.Get("TopicArn"), form.Get("TargetArn"))
	t := wire.Must(s.topic(arn))
	id := s.identity.PassingID()
	for _, sub := range t.subscriptions {
		if !sub.confirmed {
			continue
		}
		s.mails = append(s.mails, Mail{To: sub.address, Subject: subject, Body: message, TopicARN: arn, MessageID: id, At: time.Now()})
	}
	s.mails = slices.Delete(s.mails, 0, max(0, len(s.mails)-maxMails))
	return publishResult{id}, nil
}
