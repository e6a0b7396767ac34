# Loads a table of the package with the types that datapackage.json declares. Needs jsonlite.
#
#   source("scripts/load.R"); agreements <- techpacts("agreements")
#
# folder: where datapackage.json lies. Text is UTF-8 in any locale, dates are Date, booleans logical, missing is NA;
# integers that R's integer type cannot hold come as numeric.
techpacts <- function(table, folder = ".") {
  package <- jsonlite::fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)
  found <- Filter(function(r) identical(r$name, table), package$resources)
  if (length(found) != 1) {
    stop("there is no table ", table, "; there are: ", paste(vapply(package$resources, `[[`, "", "name"), collapse = ", "))
  }
  resource <- found[[1]]
  types <- vapply(resource$schema$fields, `[[`, "", "type")
  names(types) <- vapply(resource$schema$fields, `[[`, "", "name")
  data <- utils::read.csv(file.path(folder, resource$path), colClasses = "character", na.strings = "",
                          encoding = "UTF-8", check.names = FALSE, stringsAsFactors = FALSE)
  if (!identical(names(data), names(types))) stop(table, ": the columns are not those of datapackage.json")
  for (name in names(types)) {
    column <- data[[name]]
    data[[name]] <- switch(types[[name]],
      integer = {
        number <- as.numeric(column)
        if (all(is.na(number) | abs(number) <= .Machine$integer.max)) as.integer(number) else number
      },
      number = as.numeric(column),
      boolean = column == "true",
      date = as.Date(column, format = "%Y-%m-%d"),
      column
    )
  }
  data
}

# The types of the columns of a table as readr takes them: readr::read_csv(path, col_types = techpacts_col_types("funding")).
# Whole numbers that R's integer type may not hold are numeric.
techpacts_col_types <- function(table, folder = ".") {
  package <- jsonlite::fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)
  found <- Filter(function(r) identical(r$name, table), package$resources)
  if (length(found) != 1) stop("there is no table ", table)
  code <- function(field) {
    limit <- field$constraints$maximum
    small <- !is.null(limit) && limit <= .Machine$integer.max
    switch(field$type, integer = if (small) "i" else "d", number = "d", boolean = "l", date = "D", "c")
  }
  paste(vapply(found[[1]]$schema$fields, code, ""), collapse = "")
}
