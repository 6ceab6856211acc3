package sns

import (
	"cmp"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"orderops/aws/local/wire"
)

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
	t, err := s.topic(arn)
	if err != nil {
		return nil, err
	}
	return attributesResult{[]attribute{
		{"TopicArn", arn},
		{"Owner", s.identity.Account},
		{"DisplayName", t.attributes["DisplayName"]},
		{"SubscriptionsConfirmed", strconv.Itoa(len(t.subscriptions))},
		{"SubscriptionsPending", "0"},
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
	t, err := s.topic(arn)
	if err != nil {
		return nil, err
	}
	id := s.identity.PassingID()
	for _, sub := range t.subscriptions {
		s.mails = append(s.mails, Mail{To: sub.address, Subject: subject, Body: message, TopicARN: arn, MessageID: id, At: time.Now()})
	}
	s.mails = slices.Delete(s.mails, 0, max(0, len(s.mails)-maxMails))
	return publishResult{id}, nil
}
