"""Addresses of the library (/praktijken/)."""

from django.urls import path

from goodpractices.views import keeping, learning, practices, proposing, writing

app_name = "goodpractices"
urlpatterns = [
    path("", practices.library_page, name="library"),
    path("nieuw/", practices.create_page, name="create"),
    path("importeren/", writing.import_page, name="import"),
    path("lijkt-op/", writing.beside_page, name="beside"),
    path("beoordelen/", practices.review_page, name="review"),
    path("mijn/", practices.own_page, name="own"),
    path("labels/", keeping.tags_page, name="tags"),
    path("zoekvragen/", keeping.searches_page, name="searches"),
    path("zoekvragen/<int:pk>/", keeping.search_open, name="search"),
    path("zoekvragen/<int:pk>/weg/", keeping.search_remove, name="search-remove"),
    path("<slug:slug>/", practices.detail_page, name="detail"),
    path("<slug:slug>/wijzigen/", practices.edit_page, name="edit"),
    path("<slug:slug>/versies/", writing.versions_page, name="versions"),
    path("<slug:slug>/bijlagen/", writing.attachment_add, name="attachment-add"),
    path("<slug:slug>/bijlagen/<int:pk>/", writing.attachment, name="attachment"),
    path("<slug:slug>/bijlagen/<int:pk>/weg/", writing.attachment_remove, name="attachment-remove"),
    path("<slug:slug>/voorstel/", proposing.proposal_page, name="proposal"),
    path("<slug:slug>/voorstel/aannemen/", proposing.accept, name="proposal-accept"),
    path("<slug:slug>/voorstel/terugsturen/", proposing.send_back, name="proposal-return"),
    path("<slug:slug>/voorstel/weg/", proposing.withdraw, name="proposal-withdraw"),
    path("<slug:slug>/indienen/", practices.submit, name="submit"),
    path("<slug:slug>/publiceren/", practices.publish, name="publish"),
    path("<slug:slug>/terugsturen/", practices.return_page, name="return"),
    path("<slug:slug>/klopt-nog/", practices.confirm, name="confirm"),
    path("<slug:slug>/archiveren/", practices.archive, name="archive"),
    path("<slug:slug>/wij-doen-dit-ook/", learning.adopt_page, name="adopt"),
    path("<slug:slug>/wij-doen-dit-ook/weg/", learning.adoption_withdraw, name="adoption-withdraw"),
    path("<slug:slug>/kaart/", learning.adopters_page, name="adopters"),
    path("<slug:slug>/ervaring/", learning.experience_page, name="experience"),
    path("<slug:slug>/ervaring/weg/", learning.experience_withdraw, name="experience-withdraw"),
]
